/** Filled by a later release; see ARCHITECTURE.md for what it will hold. */
module org.chaincore.store {
  requires transitive org.chaincore.core;
  requires static org.jspecify;
}
