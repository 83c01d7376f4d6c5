package org.chaincore.core.config;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.MerkleTree;
import org.chaincore.core.pow.DifficultyRule;
import org.chaincore.core.script.AddressFormat;
import org.chaincore.core.value.Amount;
import org.chaincore.core.value.Hash256;
import org.chaincore.core.value.Sha256;
import org.chaincore.core.value.Target;
import org.chaincore.core.value.Work;
import org.jspecify.annotations.Nullable;

/**
 * The consensus parameters of one network: what makes two nodes agree on every block. They never
 * change while a network lives, and {@link #fingerprint()} tells at a handshake whether two nodes
 * have the same.
 *
 * <p>A host's own network starts from {@link #builder(String, int)}. Immutable and thread-safe, as
 * far as the {@link DifficultyRule} is.
 */
public final class ChainParams {
  private static final String CHECKPOINT = "checkpoint.";

  private final NetworkIdentity identity;
  private final Block genesis;
  private final WorkRules work;
  private final TimeRules time;
  private final Emission emission;
  private final BlockLimits limits;
  private final Activations activations;
  private final BodyRules bodyRules;
  private final SortedMap<Integer, Hash256> checkpoints;
  private final Work minimumChainWork;

  private ChainParams(Builder from) {
    this.identity =
        new NetworkIdentity(from.name, from.magic, from.p2pPort, from.apiPort, from.addresses);
    this.time = from.time;
    this.emission = from.emission;
    this.limits = from.limits;
    this.activations = from.activations;
    this.bodyRules = from.bodyRules;
    this.checkpoints = Collections.unmodifiableSortedMap(new TreeMap<>(from.checkpoints));
    this.minimumChainWork = from.minimumChainWork;
    this.work = from.work == null ? Networks.chaincoreWork(time) : from.work;
    this.genesis = from.genesis;
    requireConsistentWork();
    requireGenesisBody();
    requireGenesisWithinLimits();
    requireDistinctCoinbases();
  }

  /**
   * A rule that asks for a target above the limit asks for a header that no one may make: such a
   * network dies at the retarget that eases it so far.
   */
  private void requireConsistentWork() {
    Optional<Target> easiest = work.difficulty().easiestTarget();
    if (easiest.isPresent() && easiest.get().compareTo(work.limit()) > 0) {
      throw new IllegalArgumentException(
          "difficulty rule's easiest target above the limit "
              + work.limit()
              + ": "
              + easiest.get());
    }
    OptionalInt seconds = work.difficulty().targetBlockSeconds();
    if (seconds.isPresent() && seconds.getAsInt() != time.targetBlockSeconds()) {
      throw new IllegalArgumentException(
          "difficulty rule aims at blocks of "
              + seconds.getAsInt()
              + " s, the time rules at "
              + time.targetBlockSeconds()
              + " s");
    }
  }

  private void requireGenesisBody() {
    Hash256 root = MerkleTree.root(genesis.txids()).hash();
    if (genesis.transactions().isEmpty() || !root.equals(genesis.header().merkleRoot())) {
      throw new IllegalArgumentException(
          "genesis transactions hash to "
              + root
              + ", its header has "
              + genesis.header().merkleRoot());
    }
  }

  /**
   * Where coins are kept, every coinbase must name its height: two equal ones would be one coin
   * (BIP30).
   */
  private void requireDistinctCoinbases() {
    if (bodyRules == BodyRules.TEMPLATES) {
      Ranges.require("heightInCoinbase of judged bodies", activations.heightInCoinbase(), 1, 1);
    }
  }

  private void requireGenesisWithinLimits() {
    int bits = genesis.header().bits();
    Optional<Target> target = Target.decode(bits);
    if (target.isEmpty()) {
      throw new IllegalArgumentException(String.format("genesis bits %08x", bits));
    }
    if (target.get().compareTo(work.limit()) > 0) {
      throw new IllegalArgumentException(
          "genesis target above the limit " + work.limit() + ": " + target.get());
    }
    Hash256 checkpointAtGenesis = checkpoints.getOrDefault(0, genesis.hash());
    if (!checkpointAtGenesis.equals(genesis.hash())) {
      throw new IllegalArgumentException("checkpoint at height 0 is not the genesis block");
    }
  }

  /**
   * A network of one's own, with the rules of {@link Networks#chaincore()} where none are named;
   * its difficulty rule then aims at the block time that the network has.
   */
  public static Builder builder(String name, int magic) {
    return new Builder(name, magic);
  }

  public String name() {
    return identity.name();
  }

  public NetworkIdentity identity() {
    return identity;
  }

  public AddressFormat addresses() {
    return identity.addresses();
  }

  public Block genesis() {
    return genesis;
  }

  public WorkRules work() {
    return work;
  }

  public TimeRules time() {
    return time;
  }

  public Emission emission() {
    return emission;
  }

  public BlockLimits limits() {
    return limits;
  }

  public Activations activations() {
    return activations;
  }

  public BodyRules bodyRules() {
    return bodyRules;
  }

  /** Blocks that the chain must pass through: height to hash. */
  public SortedMap<Integer, Hash256> checkpoints() {
    return checkpoints;
  }

  /**
   * The work that the network's chain is known to have at least. No rule of consensus, and no part
   * of the fingerprint: what a node believes of a chain that it has not seen yet. Headers from
   * peers whose chain does not reach it take no memory.
   */
  public Work minimumChainWork() {
    return minimumChainWork;
  }

  /**
   * Every consensus parameter by name, as canonical text in no language: a machine that writes
   * other digits has the same fingerprint. Two networks agree exactly if these maps are equal, and
   * where they do not the first differing name says why.
   */
  public SortedMap<String, String> consensusFields() {
    SortedMap<String, String> fields = rulesFields();
    for (Map.Entry<Integer, Hash256> checkpoint : checkpoints.entrySet()) {
      // Zero-padded, so that text order is height order.
      fields.put(
          CHECKPOINT + String.format(Locale.ROOT, "%010d", checkpoint.getKey()),
          checkpoint.getValue().toString());
    }
    return fields;
  }

  private SortedMap<String, String> rulesFields() {
    SortedMap<String, String> fields = new TreeMap<>();
    fields.put("magic", HexFormat.of().toHexDigits(identity.magic()));
    fields.put("genesis", genesis.hash().toString());
    fields.put("work.limit", HexFormat.of().toHexDigits(work.limit().bits()));
    fields.put("work.difficulty", work.difficulty().canonical());
    fields.put("time.target_block_seconds", Integer.toString(time.targetBlockSeconds()));
    fields.put("time.median_span_blocks", Integer.toString(time.medianSpanBlocks()));
    fields.put("time.max_future_seconds", Integer.toString(time.maxFutureSeconds()));
    fields.put("emission.initial_reward", Long.toString(emission.initialReward().units()));
    fields.put("emission.halving_interval", Integer.toString(emission.halvingIntervalBlocks()));
    fields.put("emission.coinbase_maturity", Integer.toString(emission.coinbaseMaturityBlocks()));
    fields.put("limits.max_weight", Integer.toString(limits.maxWeight()));
    fields.put(
        "limits.max_signature_operations_cost",
        Integer.toString(limits.maxSignatureOperationsCost()));
    fields.put("limits.max_data_output_bytes", Integer.toString(limits.maxDataOutputBytes()));
    // Left out where there is no such rule: those networks are older than it.
    if (limits.maxLegacyHashedBytes() != BlockLimits.NO_LIMIT) {
      fields.put("limits.max_legacy_hashed_bytes", Integer.toString(limits.maxLegacyHashedBytes()));
    }
    fields.put("activations.height_in_coinbase", at(activations.heightInCoinbase()));
    fields.put("activations.strict_signatures", at(activations.strictSignatures()));
    fields.put("activations.check_lock_time", at(activations.checkLockTime()));
    fields.put("body_rules", bodyRules.name());
    return fields;
  }

  private static String at(int height) {
    return Integer.toString(height);
  }

  /**
   * SHA-256 over the lines {@code name=value} of {@link #consensusFields()}, each ended by a
   * newline.
   */
  public Hash256 fingerprint() {
    return fingerprint(consensusFields());
  }

  /**
   * The fingerprint of everything but the checkpoints. They grow from release to release on one and
   * the same chain: it is this that a store remembers, so that a later release can open it.
   */
  public Hash256 rulesFingerprint() {
    return fingerprint(rulesFields());
  }

  private static Hash256 fingerprint(SortedMap<String, String> fields) {
    StringBuilder lines = new StringBuilder();
    for (Map.Entry<String, String> field : fields.entrySet()) {
      lines.append(field.getKey()).append('=').append(field.getValue()).append('\n');
    }
    return Hash256.ofWire(Sha256.hash(lines.toString().getBytes(StandardCharsets.UTF_8)));
  }

  @Override
  public String toString() {
    return "network " + name();
  }

  /** Gathers the parameters of one network. Not thread-safe. */
  public static final class Builder {
    private final String name;
    private final int magic;
    private int p2pPort = Networks.CHAINCORE_P2P_PORT;
    private int apiPort = Networks.CHAINCORE_API_PORT;
    private AddressFormat addresses = Networks.CHAINCORE_ADDRESSES;
    private @Nullable WorkRules work;
    private TimeRules time = Networks.CHAINCORE_TIME;
    private Emission emission = Networks.CHAINCORE_EMISSION;
    private BlockLimits limits = Networks.CHAINCORE_LIMITS;
    private Activations activations = Activations.FROM_THE_START;
    private BodyRules bodyRules = BodyRules.TEMPLATES;
    private final SortedMap<Integer, Hash256> checkpoints = new TreeMap<>();
    private Block genesis = Genesis.chaincore();
    private Work minimumChainWork = Work.ZERO;

    private Builder(String name, int magic) {
      this.name = name;
      this.magic = magic;
    }

    public Builder ports(int newP2pPort, int newApiPort) {
      p2pPort = newP2pPort;
      apiPort = newApiPort;
      return this;
    }

    public Builder addresses(AddressFormat format) {
      addresses = format;
      return this;
    }

    /**
     * How much work a header must show.
     *
     * @param difficulty must ask for no target above the limit and aim at the block time of the
     *     {@link #time} rules, as far as it says either
     */
    public Builder work(Target limit, DifficultyRule difficulty) {
      work = new WorkRules(limit, difficulty);
      return this;
    }

    public Builder time(TimeRules rules) {
      time = rules;
      return this;
    }

    public Builder emission(Amount initialReward, int halvingIntervalBlocks, int maturityBlocks) {
      emission = new Emission(initialReward, halvingIntervalBlocks, maturityBlocks);
      return this;
    }

    public Builder limits(BlockLimits newLimits) {
      limits = newLimits;
      return this;
    }

    public Builder activations(Activations newActivations) {
      activations = newActivations;
      return this;
    }

    public Builder bodyRules(BodyRules rules) {
      bodyRules = rules;
      return this;
    }

    /**
     * A genesis block made of a text, which needs no proof of work: it is agreed upon, not mined.
     */
    public Builder genesis(String text, long time, int bits) {
      return genesis(Genesis.ofText(text, time, bits));
    }

    public Builder genesis(Block block) {
      genesis = block;
      return this;
    }

    public Builder checkpoint(int height, Hash256 hash) {
      Ranges.require("checkpoint height", height, 0, Integer.MAX_VALUE);
      checkpoints.put(height, hash);
      return this;
    }

    /**
     * The work that the chain is known to have at least. Zero where nothing is said, as befits a
     * network that begins: a new node then keeps the headers of any chain that it is shown first. A
     * network that has grown should name a value some months old with each release, so that a node
     * which starts cannot be filled with cheap headers before it hears of the real chain.
     */
    public Builder minimumChainWork(Work atLeast) {
      minimumChainWork = atLeast;
      return this;
    }

    /**
     * The network.
     *
     * @throws IllegalArgumentException naming the parameter that is out of range or contradicts
     *     another
     */
    public ChainParams build() {
      return new ChainParams(this);
    }
  }
}
