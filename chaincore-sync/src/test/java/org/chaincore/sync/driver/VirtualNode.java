package org.chaincore.sync.driver;

import java.util.ArrayList;
import java.util.List;
import org.chaincore.core.lock.LockRegistry;
import org.chaincore.sync.fixture.TestNode;
import org.chaincore.sync.protocol.SyncEvent;
import org.chaincore.sync.transport.Transport;

/**
 * A real driver whose thread and time are the test's.
 *
 * @param events what it told its host
 */
record VirtualNode(SyncDriver driver, List<SyncEvent> events) {
  static VirtualNode start(TestNode node, Transport transport, ManualExecutor executor) {
    List<SyncEvent> events = new ArrayList<>();
    DriverSetup.Host host =
        new DriverSetup.Host(
            () -> node.nowMillis() + executor.nanos() / 1_000_000, events::add, executor);
    SyncDriver driver =
        SyncDriver.start(
            new DriverSetup(node.setup(), transport, LockRegistry.create(), host), executor::nanos);
    executor.run();
    return new VirtualNode(driver, events);
  }

  <E extends SyncEvent> List<E> events(Class<E> kind) {
    return events.stream().filter(kind::isInstance).map(kind::cast).toList();
  }
}
