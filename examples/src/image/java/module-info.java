/** A host that carries its Java with it: it needs core and sync, and nothing that jlink refuses. */
module org.chaincore.examples.image {
  requires org.chaincore.core;
  requires org.chaincore.sync;
}
