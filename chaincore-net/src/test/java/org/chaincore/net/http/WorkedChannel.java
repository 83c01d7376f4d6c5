package org.chaincore.net.http;

import io.netty.channel.EventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * A channel without a socket, which is the test's thread alone, and to which workers may hand tasks
 * all the same: Netty's keeps them in a queue that is for one thread, and loses what two put there
 * at a time.
 */
final class WorkedChannel extends EmbeddedChannel {
  private final Thread owner = Thread.currentThread();
  private final Queue<Runnable> handedOver = new ConcurrentLinkedQueue<>();
  private final EventLoop loop =
      (EventLoop)
          Proxy.newProxyInstance(
              EventLoop.class.getClassLoader(),
              new Class<?>[] {EventLoop.class},
              (proxy, method, arguments) -> call(method, arguments));

  private @Nullable Object call(Method method, Object @Nullable [] arguments) throws Throwable {
    if (method.getName().equals("execute") && Thread.currentThread() != owner) {
      handedOver.add((Runnable) Objects.requireNonNull(arguments)[0]);
      return null;
    }
    try {
      return method.invoke(super.eventLoop(), arguments);
    } catch (InvocationTargetException thrown) {
      throw thrown.getCause();
    }
  }

  /** The same loop, in which tasks of other threads wait in a line of their own. */
  @Override
  public EventLoop eventLoop() {
    @Nullable EventLoop made = loop;
    return made == null ? super.eventLoop() : made; // Netty asks before this is made.
  }

  @Override
  public void runPendingTasks() {
    @Nullable Queue<Runnable> tasks = handedOver;
    if (tasks != null) {
      for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
        super.eventLoop().execute(task);
      }
    }
    super.runPendingTasks();
  }
}
