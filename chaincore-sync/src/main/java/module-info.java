/** Filled by a later release; see ARCHITECTURE.md for what it will hold. */
@org.jspecify.annotations.NullMarked
module org.chaincore.sync {
  requires transitive org.chaincore.core;
  requires static org.jspecify;
}
