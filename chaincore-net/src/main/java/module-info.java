/** Filled by a later release; see ARCHITECTURE.md for what it will hold. */
@org.jspecify.annotations.NullMarked
module org.chaincore.net {
  requires transitive org.chaincore.sync;
  requires static org.jspecify;
}
