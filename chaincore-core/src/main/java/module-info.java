/**
 * The pure core of ChainCore: what a chain is and how it is judged, without threads, clock,
 * randomness or I/O.
 */
@org.jspecify.annotations.NullMarked
module org.chaincore.core {
  requires static transitive org.jspecify;
  requires com.google.common;
  requires org.bouncycastle.provider;
  requires org.slf4j;
  // Not static: on the module path an optional jdk.jfr would not be resolved, and the lock events
  // would be missing without a word. It needs java.base only and adds under a megabyte to an image.
  requires jdk.jfr;

  uses org.chaincore.core.store.ChainStoreProvider;

  exports org.chaincore.core.archive;
  exports org.chaincore.core.block;
  exports org.chaincore.core.chain;
  exports org.chaincore.core.config;
  exports org.chaincore.core.engine;
  exports org.chaincore.core.event;
  exports org.chaincore.core.ledger;
  exports org.chaincore.core.lock;
  exports org.chaincore.core.mempool;
  exports org.chaincore.core.mining;
  exports org.chaincore.core.orphan;
  exports org.chaincore.core.pow;
  exports org.chaincore.core.rules;
  exports org.chaincore.core.script;
  exports org.chaincore.core.store;
  exports org.chaincore.core.value;
}
