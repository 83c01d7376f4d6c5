package org.chaincore.net.journal;

import java.util.List;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.event.ChainEvent.BlockRef;
import org.chaincore.core.event.ChainEvent.RemovalReason;
import org.chaincore.core.mempool.FeeRate;
import org.chaincore.core.rules.Rejection;
import org.chaincore.core.value.Amount;
import org.chaincore.core.value.Hash256;
import org.chaincore.core.value.Work;
import org.jspecify.annotations.Nullable;

/** Why a block or a transaction is where it is, as far as a node knows or remembers. Immutable. */
public sealed interface Explanation {
  /** What is explained: of a transaction its txid, wherever the node knows that. */
  Hash256 hash();

  /** The same in a sentence. */
  String why();

  /** Where a block stands whose header the node has. */
  enum Standing {
    /** It is part of the chain. */
    ON_CHAIN("it is part of the chain"),
    /** Its chain never had more work than the one that is followed. */
    SIDE("its chain has no more work than the one that is followed"),
    /** It was part of the chain, which was reorganised. */
    STALE("it lost to a chain of more work"),
    /** It waits for its body. */
    BODY_MISSING("its header is good, its body has not come"),
    /** It broke a rule. */
    BROKE_A_RULE("it broke a rule"),
    /** A block below it is one that was refused. */
    ON_A_REFUSED_BLOCK("it stands on a block that was refused"),
    /** The host does not want it. */
    REFUSED_BY_HOST("the host refused it by hand");

    private final String sentence;

    Standing(String sentence) {
      this.sentence = sentence;
    }

    /** Whether it can never be part of this node's chain, unless the host changes its mind. */
    public boolean isRefused() {
      return this == BROKE_A_RULE || this == ON_A_REFUSED_BLOCK || this == REFUSED_BY_HOST;
    }
  }

  /**
   * What something was refused for, and on whose account.
   *
   * @param rejection the rule; null if none was broken, or it is forgotten
   * @param detail more about it; null if nothing more is known
   * @param from the address of the peer or client that sent it, {@code host} for the host itself;
   *     null if nobody is blamed, or it is forgotten
   */
  record Cause(@Nullable Rejection rejection, @Nullable String detail, @Nullable String from) {}

  /**
   * A block whose header the node has.
   *
   * @param hash the block
   * @param standing where it stands
   * @param height its height
   * @param chainWork the work of the chain that ends with it
   * @param confirmations blocks of the chain from it to the tip, both counted; 0 beside the chain
   * @param isBodyMissing whether the node has its header only
   * @param cause what it was refused for, if it was
   */
  record OfBlock(
      Hash256 hash,
      Standing standing,
      int height,
      Work chainWork,
      int confirmations,
      boolean isBodyMissing,
      Cause cause)
      implements Explanation {
    @Override
    public String why() {
      return standing.sentence;
    }
  }

  /**
   * A block that waits for another.
   *
   * @param hash the block
   * @param missing the first block below it that has not come
   * @param from who sent it
   * @param arrivalSeconds when it came, Unix seconds
   */
  record OfOrphan(Hash256 hash, Hash256 missing, String from, long arrivalSeconds)
      implements Explanation {
    @Override
    public String why() {
      return "it waits for a block that has not come";
    }
  }

  /**
   * A transaction that waits for others.
   *
   * @param hash its txid
   * @param missing the coins that it spends and the node does not know, in the order of its inputs
   * @param from who sent it
   * @param arrivalSeconds when it came, Unix seconds
   */
  record OfOrphanTransaction(Hash256 hash, List<OutPoint> missing, String from, long arrivalSeconds)
      implements Explanation {
    /** Holds a copy. */
    public OfOrphanTransaction {
      missing = List.copyOf(missing);
    }

    @Override
    public String why() {
      return "it waits for transactions that have not come";
    }
  }

  /**
   * A transaction that is in the mempool.
   *
   * @param hash its txid
   * @param fee what it pays
   * @param feeRate the same by its size
   * @param arrivalSeconds when it came, Unix seconds
   */
  record OfPending(Hash256 hash, Amount fee, FeeRate feeRate, long arrivalSeconds)
      implements Explanation {
    @Override
    public String why() {
      return "it waits in the mempool for a block";
    }
  }

  /**
   * A transaction of the chain.
   *
   * @param hash its txid
   * @param block the block that has it
   * @param confirmations blocks from that to the tip, both counted
   */
  record OfConfirmed(Hash256 hash, BlockRef block, int confirmations) implements Explanation {
    @Override
    public String why() {
      return "a block of the chain has it";
    }
  }

  /**
   * A transaction that left the mempool.
   *
   * @param hash its txid
   * @param reason why it left
   */
  record OfRemoved(Hash256 hash, RemovalReason reason) implements Explanation {
    @Override
    public String why() {
      return switch (reason) {
        case MINED -> "a block has it";
        case CONFLICT -> "a block has another that spends the same coin";
        case REPLACED -> "another that pays more took its place";
        case EXPIRED -> "it waited too long";
        case EVICTED -> "the mempool was full, and it paid least";
        case INVALID -> "what it spends is gone, or a rule no longer lets it in";
      };
    }
  }

  /**
   * A block or transaction that was refused, of which nothing was kept.
   *
   * @param hash what was sent
   * @param cause why
   */
  record OfRefused(Hash256 hash, Cause cause) implements Explanation {
    @Override
    public String why() {
      return "it broke a rule";
    }
  }
}
