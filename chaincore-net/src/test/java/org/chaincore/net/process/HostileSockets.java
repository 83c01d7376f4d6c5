package org.chaincore.net.process;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Threads that each attack a port in one way, over and over, from ever new addresses of the
 * loopback network. Thread-safe.
 */
final class HostileSockets implements Closeable {
  /** Between two attacks of a kind: the machine is to be left to the node, not to the attackers. */
  private static final long PAUSE_MILLIS = 20;

  private static final long JOIN_MILLIS = 20_000;

  /** One kind of attack. */
  @FunctionalInterface
  interface Attack {
    /**
     * Does its worst once. That the other side ends it is to be expected.
     *
     * @throws IllegalStateException if the attack succeeded
     */
    void run(HostileSockets from, SplittableRandom random) throws IOException, InterruptedException;
  }

  private final InetSocketAddress target;
  private final Map<String, AtomicLong> attempts = new LinkedHashMap<>();
  private final List<Thread> threads = new ArrayList<>();
  private final Queue<String> successes = new ConcurrentLinkedQueue<>();
  private final CountDownLatch over = new CountDownLatch(1);

  HostileSockets(int port) {
    this.target = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  /** Begins an attack; it goes on until this is closed. */
  void begin(String name, long seed, Attack attack) {
    AtomicLong count = new AtomicLong();
    attempts.put(name, count);
    Thread thread =
        new Thread(
            () -> {
              SplittableRandom random = new SplittableRandom(seed);
              while (isOn()) {
                try {
                  attack.run(this, random);
                } catch (IOException defended) {
                  // The node has ended it.
                } catch (InterruptedException end) {
                  return;
                } catch (IllegalStateException undefended) {
                  successes.add(name + ": " + undefended.getMessage());
                }
                count.incrementAndGet();
                pause(PAUSE_MILLIS);
              }
            },
            "hostile " + name);
    thread.setDaemon(true);
    threads.add(thread);
    thread.start();
  }

  boolean isOn() {
    return over.getCount() > 0;
  }

  /** Waits, unless the attack is over. */
  void pause(long millis) {
    try {
      var unused = over.await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException end) {
      Thread.currentThread().interrupt();
    }
  }

  /** A connection from an address that was not used before, as far as chance has it. */
  Socket connect(SplittableRandom random) throws IOException {
    Socket socket = new Socket();
    try {
      byte[] address = {127, (byte) (1 + random.nextInt(250)), 0, 1};
      address[2] = (byte) random.nextInt(256);
      socket.bind(new InetSocketAddress(InetAddress.getByAddress(address), 0));
      socket.connect(target, 5_000);
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(2_000);
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /** What should not have been possible. */
  Queue<String> successes() {
    return successes;
  }

  /** How often each attack was made. */
  Map<String, AtomicLong> attempts() {
    return attempts;
  }

  @Override
  public void close() {
    over.countDown();
    try {
      for (Thread thread : threads) {
        thread.interrupt();
        thread.join(JOIN_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
