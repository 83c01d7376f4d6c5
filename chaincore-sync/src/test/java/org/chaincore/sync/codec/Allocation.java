package org.chaincore.sync.codec;

import java.lang.reflect.Method;

/**
 * Counts the bytes that the calling thread allocates; by reflection, for no module here reads it.
 */
final class Allocation {
  private final Object bean;
  private final Method count;

  Allocation() throws ReflectiveOperationException {
    bean =
        Class.forName("java.lang.management.ManagementFactory")
            .getMethod("getThreadMXBean")
            .invoke(null);
    count =
        Class.forName("com.sun.management.ThreadMXBean")
            .getMethod("getThreadAllocatedBytes", long.class);
  }

  /** Bytes allocated by this thread so far. */
  long bytes() throws ReflectiveOperationException {
    return (long) count.invoke(bean, Thread.currentThread().getId());
  }
}
