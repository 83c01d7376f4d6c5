/** Filled by a later release; see ARCHITECTURE.md for what it will hold. */
module org.chaincore.sync {
  requires transitive org.chaincore.core;
  requires static org.jspecify;
}
