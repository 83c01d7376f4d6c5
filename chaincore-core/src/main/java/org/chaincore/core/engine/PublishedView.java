package org.chaincore.core.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.chaincore.core.chain.ChainView;

/**
 * The one place where a chain goes from the writer to its readers.
 *
 * <p>The release store orders everything the writer did for a view, the nodes of its headers and
 * their links, before the view itself; the acquire load orders a reader's use of them after. So
 * whoever gets a view sees all of it, and no reader takes a lock. Readers may see a view a moment
 * late, never half.
 */
final class PublishedView {
  private static final VarHandle VIEW;

  static {
    try {
      VIEW = MethodHandles.lookup().findVarHandle(PublishedView.class, "view", ChainView.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  @SuppressWarnings({"FieldMayBeFinal", "UnusedVariable"}) // Read and written through VIEW.
  private ChainView view;

  PublishedView(ChainView first) {
    this.view = first;
    VarHandle.releaseFence();
  }

  ChainView get() {
    return (ChainView) VIEW.getAcquire(this);
  }

  void publish(ChainView next) {
    VIEW.setRelease(this, next);
  }
}
