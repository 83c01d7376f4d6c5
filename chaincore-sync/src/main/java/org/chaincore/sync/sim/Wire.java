package org.chaincore.sync.sim;

import org.chaincore.sync.message.Message;
import org.chaincore.sync.peer.NetworkAddress;
import org.jspecify.annotations.Nullable;

/**
 * One end of a simulated connection.
 *
 * <p>Not thread-safe; confined to its simulation.
 */
public final class Wire {
  private final Simulation simulation;
  private final Participant owner;
  private final NetworkAddress remote;
  private final long number;
  private final String direction;
  private @Nullable Wire otherEnd;
  private long lastArrivalMillis;
  private boolean isOpen = true;

  Wire(Simulation simulation, Participant owner, NetworkAddress remote, long number) {
    this.simulation = simulation;
    this.owner = owner;
    this.remote = remote;
    this.number = number;
    this.direction = owner.address() + " > " + remote + " ";
  }

  static void join(Wire a, Wire b) {
    a.otherEnd = b;
    b.otherEnd = a;
  }

  /** The address at the other end. */
  public NetworkAddress remote() {
    return remote;
  }

  /** Whether this end is open. */
  public boolean isOpen() {
    return isOpen;
  }

  /** Sends a message; after the end nothing happens. */
  public void send(Message message) {
    Wire other = otherEnd;
    if (isOpen && other != null) {
      simulation.carry(this, other, message);
    }
  }

  /** Sends bytes that are no message, as a broken or hostile node does. */
  public void sendGarbage(String reason) {
    Wire other = otherEnd;
    if (isOpen && other != null) {
      simulation.carryGarbage(this, other, reason);
    }
  }

  /** Ends the connection; the owner is told at once, the other side when it gets there. */
  public void close() {
    Wire other = otherEnd;
    if (isOpen && other != null) {
      simulation.carryEnd(this, other);
      end();
    }
  }

  void end() {
    if (isOpen) {
      isOpen = false;
      owner.closed(this);
    }
  }

  void receive(Message message) {
    if (isOpen) {
      owner.received(this, message);
    }
  }

  void receiveGarbage(String reason) {
    if (isOpen) {
      owner.receivedGarbage(this, reason);
    }
  }

  /** From whom to whom, as lines of the trace begin. */
  String direction() {
    return direction;
  }

  Participant owner() {
    return owner;
  }

  /** When a message that takes so long arrives, if it stays behind those before it. */
  long arrivalInOrder(long atMillis) {
    lastArrivalMillis = Math.max(lastArrivalMillis, atMillis);
    return lastArrivalMillis;
  }

  @Override
  public String toString() {
    return "wire " + number + " to " + remote;
  }
}
