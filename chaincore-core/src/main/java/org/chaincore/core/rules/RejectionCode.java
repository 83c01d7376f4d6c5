package org.chaincore.core.rules;

/**
 * Every reason to refuse a header, a block or a transaction. Where Bitcoin Core has a name for a
 * rule it is used here, so that logs of both can be read side by side.
 */
public enum RejectionCode {
  // Headers
  /** The bits are negative, zero, too large for 256 bits, or easier than the network's limit. */
  BAD_BITS("bad-bits"),
  /** The hash is above the target that the header claims. */
  HIGH_HASH("high-hash"),
  /** The bits are not those that the difficulty rule demands. */
  BAD_DIFFICULTY("bad-diffbits"),
  /** The time is not after the median time of the headers before it. */
  TIME_TOO_OLD("time-too-old"),
  /** The time is too far ahead of the node's clock. The one header fault that waiting mends. */
  TIME_TOO_NEW("time-too-new"),
  /** The version is below what the network demands at this height. */
  BAD_VERSION("bad-version"),
  /** The parent is unknown. */
  UNKNOWN_PARENT("prev-blk-not-found"),
  /** The parent is invalid. */
  INVALID_PARENT("bad-prevblk"),
  /** The header or one of its ancestors was refused before. */
  KNOWN_INVALID("duplicate-invalid"),
  /** The height has a checkpoint, and this is not it. */
  CHECKPOINT_MISMATCH("checkpoint-mismatch"),
  /** Below the last checkpoint that the chain has passed, no fork is taken. */
  FORK_BEFORE_CHECKPOINT("bad-fork-prior-to-checkpoint"),
  /** The header store is at its named limit. */
  TOO_MANY_HEADERS("too-many-headers"),

  // Bodies that do not belong to their header: they say nothing about it
  /** The transactions do not hash to the header's Merkle root. */
  BAD_MERKLE_ROOT("bad-txnmrklroot", true),
  /** The transactions repeat so that the root stays the same (CVE-2012-2459). */
  MUTATED_TRANSACTIONS("bad-txns-duplicate", true),
  /** A transaction of 64 bytes could be a node of the Merkle tree (CVE-2017-12842). */
  TRANSACTION_OF_64_BYTES("bad-txns-64-bytes", true),
  /** The witnesses do not hash to the coinbase's commitment. */
  BAD_WITNESS_COMMITMENT("bad-witness-merkle-match", true),
  /**
   * The coinbase of a block with a witness commitment must have one witness element of 32 bytes.
   */
  BAD_WITNESS_NONCE("bad-witness-nonce-size", true),
  /** A witness in a block that commits to none. */
  UNEXPECTED_WITNESS("unexpected-witness", true),

  // Blocks
  /** The network's scripts are not ChainCore's: it judges headers only. */
  BODIES_NOT_JUDGED("bodies-not-judged", true),
  /** No transactions, or too many bytes or weight units. */
  BAD_BLOCK_LENGTH("bad-blk-length"),
  /** The first transaction is no coinbase. */
  MISSING_COINBASE("bad-cb-missing"),
  /** A transaction after the first is a coinbase. */
  MULTIPLE_COINBASES("bad-cb-multiple"),
  /** The coinbase does not begin with the block's height (BIP34). */
  BAD_COINBASE_HEIGHT("bad-cb-height"),
  /** The coinbase creates more than subsidy and fees. */
  BAD_COINBASE_AMOUNT("bad-cb-amount"),
  /** Too many signature operations. */
  TOO_MANY_SIGNATURE_OPERATIONS("bad-blk-sigops"),

  // Transactions
  /** A transaction that creates nothing. */
  NO_OUTPUTS("bad-txns-vout-empty"),
  /** Too many bytes. */
  OVERSIZE("bad-txns-oversize"),
  /** An output, or all of them together, is no amount of money. */
  BAD_OUTPUT_AMOUNT("bad-txns-vout-amount"),
  /** Two inputs spend one coin (CVE-2018-17144). */
  DUPLICATE_INPUTS("bad-txns-inputs-duplicate"),
  /** The script of a coinbase must have 2 to 100 bytes. */
  BAD_COINBASE_LENGTH("bad-cb-length"),
  /** An input of no coinbase spends nothing. */
  NULL_INPUT("bad-txns-prevout-null"),
  /** An output script is none of the network's templates. */
  OUTPUT_SCRIPT_REFUSED("bad-txns-output-script"),
  /** A data output carries more bytes than the network allows. */
  DATA_OUTPUT_TOO_LARGE("bad-txns-data-too-large"),
  /** The lock time is still ahead. */
  NOT_FINAL("bad-txns-nonfinal"),
  /** A relative lock of an input still holds (BIP68). */
  SEQUENCE_LOCKED("non-BIP68-final"),
  /** A coinbase outside a block. */
  LOOSE_COINBASE("coinbase"),
  /** A coin is unknown or spent. */
  MISSING_OR_SPENT("bad-txns-inputs-missingorspent"),
  /** A coinbase is spent before it is mature. */
  IMMATURE_COINBASE("bad-txns-premature-spend-of-coinbase"),
  /** The inputs are worth less than the outputs. */
  INPUTS_BELOW_OUTPUTS("bad-txns-in-belowout"),
  /** Its P2PKH inputs, times its bytes, are more than the network allows. */
  TOO_MUCH_LEGACY_HASHING("bad-txns-legacy-hashing"),
  /** Signature, key or their form do not satisfy the output that is spent. */
  BAD_SPEND("mandatory-script-verify-flag-failed"),

  // Policy of one node, not consensus
  /** There are too many side blocks, and this is on no branch of most work. */
  SIDE_BLOCK_REFUSED("side-block-refused", true),
  /** The fee rate is below the node's floor. */
  FEE_TOO_LOW("min relay fee not met"),
  /** The mempool is full of better paying transactions. */
  MEMPOOL_FULL("mempool full"),
  /** Too many or too large unconfirmed ancestors or descendants. */
  TOO_LONG_CHAIN("too-long-mempool-chain"),
  /** Conflicts with transactions that it does not pay enough to replace. */
  REPLACEMENT_REFUSED("insufficient fee"),
  /**
   * Conflicts with a transaction that did not offer to be replaced, or spends what it would
   * replace.
   */
  CONFLICT("txn-mempool-conflict"),
  /** A replacement spends from an unconfirmed transaction that nothing it replaces spends from. */
  REPLACEMENT_ADDS_UNCONFIRMED("replacement-adds-unconfirmed"),
  /** It would replace too many transactions at once. */
  TOO_MANY_REPLACEMENTS("too many potential replacements"),
  /** Heavier than the node relays. */
  TRANSACTION_TOO_HEAVY("tx-size");

  private final String id;
  private final boolean blamesBodyOnly;

  RejectionCode(String id) {
    this(id, false);
  }

  RejectionCode(String id, boolean blamesBodyOnly) {
    this.id = id;
    this.blamesBodyOnly = blamesBodyOnly;
  }

  /** The stable name that interfaces show. */
  public String id() {
    return id;
  }

  /**
   * Whether the fault lies in a body that the header does not commit to. Another body may make the
   * block valid, so the header must not be remembered as invalid.
   */
  public boolean blamesBodyOnly() {
    return blamesBodyOnly;
  }

  @Override
  public String toString() {
    return id;
  }
}
