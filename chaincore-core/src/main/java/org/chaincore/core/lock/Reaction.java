package org.chaincore.core.lock;

/** What a registry does about an acquire that it finds to be wrong. */
public enum Reaction {
  /** The acquire throws; nothing is taken. */
  THROW,

  /** The finding is counted, logged and recorded as an event; the acquire goes on. */
  REPORT
}
