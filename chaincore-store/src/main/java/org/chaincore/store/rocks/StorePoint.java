package org.chaincore.store.rocks;

/** Where a store can be watched, or stopped, by a test. */
enum StorePoint {
  OPENED,
  /** Before any batch is handed to the tables. */
  WRITE_BEGINS,
  /** Before the disk is waited for without a batch. */
  SYNC_BEGINS,
  /** Before tables are closed that are opened again after a failed write. */
  REOPENING,
  COMMIT_BEGINS,
  COMMIT_WRITTEN,
  COMMIT_NOTED,
  FLUSH_BEGINS,
  FLUSH_WRITTEN,
  PRUNE_BEGINS,
  PRUNE_WRITTEN,
  INDEX_BEGINS,
  INDEX_WRITTEN,
  RESTORE_COINS,
  RESTORE_ENDS,
  REPLAY_BLOCK,
  REPLAY_ENDS
}
