/**
 * The protocol of ChainCore as a pure machine, with the transports that carry it and the simulator
 * that proves it.
 */
@org.jspecify.annotations.NullMarked
module org.chaincore.sync {
  requires transitive org.chaincore.core;
  requires static transitive org.jspecify;
  requires org.bouncycastle.provider;
  requires org.slf4j;
  requires com.google.common;

  exports org.chaincore.sync.codec;
  exports org.chaincore.sync.driver;
  exports org.chaincore.sync.filter;
  exports org.chaincore.sync.identity;
  exports org.chaincore.sync.message;
  exports org.chaincore.sync.peer;
  exports org.chaincore.sync.protocol;
  exports org.chaincore.sync.settings;
  exports org.chaincore.sync.sim;
  exports org.chaincore.sync.sketch;
  exports org.chaincore.sync.statistics;
  exports org.chaincore.sync.transport;
}
