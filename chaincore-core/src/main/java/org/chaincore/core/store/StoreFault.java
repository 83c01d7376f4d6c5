package org.chaincore.core.store;

/** What kind of thing is wrong with a store, for a host that wants to act on it. */
public enum StoreFault {
  /** The store was closed. */
  CLOSED,
  /** Another process, or another store of this one, has the directory open. */
  LOCKED,
  /** The directory belongs to somebody else. */
  WRONG_OWNER,
  /** The directory cannot be written to. */
  READ_ONLY_DIRECTORY,
  /** A file of the store is gone. */
  MISSING_FILE,
  /** What is stored is not what was written: a value, a file or the order among them. */
  CORRUPT,
  /** Changes that had been acknowledged are gone from the end of the store. */
  LOST_COMMITS,
  /** The store was written by a release with another format. */
  FORMAT_VERSION,
  /** The store holds the chain of another network. */
  OTHER_NETWORK,
  /** There is no space left; the store goes on when there is. */
  DISK_FULL,
  /** The disk or the operating system failed. The store takes nothing more until it is reopened. */
  IO,
  /** What was asked for was pruned. */
  PRUNED,
  /** No module that keeps chains on disk is there. */
  NO_PROVIDER,
  /** Something else; the message says what. */
  OTHER
}
