package org.chaincore.net.node;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.chaincore.core.store.DurableChainStore;
import org.chaincore.core.store.InMemoryChainStore;
import org.chaincore.core.store.NodeMemory;
import org.chaincore.core.store.StoreException;
import org.chaincore.core.store.StoreFault;
import org.chaincore.core.store.StoreHealth;
import org.chaincore.core.value.Bytes;
import org.jspecify.annotations.Nullable;

/** A store on the heap that claims to be durable, and fails as it is told. */
final class DurableHeap implements NodeMemory {
  final InMemoryChainStore chain = InMemoryChainStore.create();
  final Map<String, Bytes> sections = new ConcurrentHashMap<>();
  final CountDownLatch resumed = new CountDownLatch(1);
  volatile @Nullable StoreFault readFault;
  volatile @Nullable StoreFault writeFault;
  volatile @Nullable StoreFault openFault;
  volatile StoreHealth health = new StoreHealth.Writable();

  DurableChainStore store() {
    return (DurableChainStore)
        Proxy.newProxyInstance(
            DurableChainStore.class.getClassLoader(),
            new Class<?>[] {DurableChainStore.class},
            (proxy, method, arguments) -> call(method, arguments));
  }

  private @Nullable Object call(Method method, Object @Nullable [] arguments) throws Throwable {
    fail(openFault);
    return switch (method.getName()) {
      case "memory" -> this;
      case "health" -> health;
      case "resume" -> {
        resumed.countDown();
        yield health;
      }
      default -> onChain(method, arguments);
    };
  }

  private @Nullable Object onChain(Method method, Object @Nullable [] arguments) throws Throwable {
    try {
      return method.invoke(chain, arguments);
    } catch (InvocationTargetException thrown) {
      throw thrown.getCause();
    }
  }

  private static void fail(@Nullable StoreFault fault) {
    if (fault != null) {
      throw new StoreException(fault, "as it was told to");
    }
  }

  @Override
  public Optional<Bytes> section(String name) {
    fail(readFault);
    return Optional.ofNullable(sections.get(name));
  }

  @Override
  public void replace(String name, Bytes content) {
    fail(writeFault);
    sections.put(name, content);
  }

  @Override
  public void remove(String name) {
    sections.remove(name);
  }

  @Override
  public SortedSet<String> sections() {
    return Collections.unmodifiableSortedSet(new TreeSet<>(new TreeMap<>(sections).keySet()));
  }
}
