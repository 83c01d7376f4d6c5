package org.chaincore.sync.protocol;

import java.util.ArrayList;
import java.util.List;
import org.chaincore.sync.message.Message;
import org.chaincore.sync.peer.ConnectionKind;
import org.chaincore.sync.peer.Misbehaviour;
import org.chaincore.sync.peer.NetworkAddress;
import org.chaincore.sync.peer.PeerId;
import org.chaincore.sync.settings.SyncTask;

/**
 * Where the machines put what they want done, in order. Nothing happens until the protocol hands it
 * out.
 *
 * <p>Not thread-safe; confined to the protocol.
 */
final class Outbox {
  /** Something that a peer did wrong and that has not been judged yet. */
  record Complaint(PeerId peer, Misbehaviour misbehaviour, String detail) {}

  /** A task of the schedule that is over, for the counters of the schedule. */
  record FinishedTask(SyncTask task, long receipt, TaskFigures figures, boolean succeeded) {}

  /** Most inputs have one or two effects. */
  private static final int USUALLY = 2;

  private final PeerTable peers;
  private List<Output> outputs = new ArrayList<>(USUALLY);
  private List<Complaint> complaints = new ArrayList<>();
  private List<FinishedTask> finishedTasks = new ArrayList<>();

  Outbox(PeerTable peers) {
    this.peers = peers;
  }

  /** Says something to a peer; to one that is leaving, or gone, nothing is said any more. */
  void send(PeerId peer, Message message) {
    Peer to = peers.find(peer);
    if (to != null && !to.isLeaving()) {
      outputs.add(new Output.Send(peer, message));
    }
  }

  void connect(NetworkAddress address, ConnectionKind kind) {
    outputs.add(new Output.Connect(address, kind));
  }

  void disconnect(PeerId peer, DisconnectReason reason) {
    outputs.add(new Output.Disconnect(peer, reason));
  }

  void wakeAt(long atMillis) {
    outputs.add(new Output.WakeAt(atMillis));
  }

  void emit(SyncEvent event) {
    outputs.add(new Output.Emit(event));
  }

  /** Says what a peer did wrong; what follows from it is decided when the machine is done. */
  void complain(PeerId peer, Misbehaviour misbehaviour, String detail) {
    complaints.add(new Complaint(peer, misbehaviour, detail));
  }

  List<Complaint> takeComplaints() {
    if (complaints.isEmpty()) {
      return List.of();
    }
    List<Complaint> taken = complaints;
    complaints = new ArrayList<>();
    return taken;
  }

  void finish(SyncTask task, long receipt, TaskFigures figures, boolean succeeded) {
    finishedTasks.add(new FinishedTask(task, receipt, figures, succeeded));
  }

  List<FinishedTask> takeFinishedTasks() {
    if (finishedTasks.isEmpty()) {
      return List.of();
    }
    List<FinishedTask> taken = finishedTasks;
    finishedTasks = new ArrayList<>();
    return taken;
  }

  List<Output> take() {
    if (outputs.isEmpty()) {
      return List.of();
    }
    List<Output> taken = outputs;
    outputs = new ArrayList<>(USUALLY);
    return taken;
  }
}
