package org.chaincore.examples;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.random.RandomGenerator;

/**
 * The connection of two nodes within one process: a bounded queue of messages each way. A cut link
 * loses what is said into it, as a real one does; that is no harm to a chain, because a node that
 * misses a block asks for it.
 *
 * <p>Not thread-safe; confined to the one thread that tells the story.
 */
final class Link {
  /** So that a node that floods the other costs no memory. */
  private static final int MOST_WAITING = 64;

  private final Direction toLeft;
  private final Direction toRight;
  private boolean isCut;

  private Link(DemoNode left, DemoNode right) {
    this.toLeft = new Direction(left);
    this.toRight = new Direction(right);
  }

  /** One way of the link. */
  private static final class Direction {
    private final DemoNode to;
    private final Queue<Message> waiting = new ArrayDeque<>();
    private boolean losesNextBlock;

    private Direction(DemoNode to) {
      this.to = to;
    }

    private void put(Message message) {
      boolean isLost = losesNextBlock && message instanceof Message.HereIsBlock;
      if (isLost) {
        losesNextBlock = false;
      } else if (waiting.size() < MOST_WAITING) {
        waiting.add(message);
      }
    }
  }

  /** Joins two nodes. */
  static Link join(DemoNode left, DemoNode right) {
    Link link = new Link(left, right);
    left.joinedBy(link);
    right.joinedBy(link);
    return link;
  }

  /** The node at the other end. */
  DemoNode across(DemoNode from) {
    return towards(from).to;
  }

  /** Says something to the node at the other end. */
  void send(DemoNode from, Message message) {
    if (!isCut) {
      towards(from).put(message);
    }
  }

  /** The next block that this node sends will not arrive. */
  void loseNextBlockOf(DemoNode from) {
    towards(from).losesNextBlock = true;
  }

  void cut() {
    isCut = true;
    toLeft.waiting.clear();
    toRight.waiting.clear();
  }

  /** Joins the ends again; both nodes say where they are. */
  void heal() {
    isCut = false;
    toLeft.to.greet(this);
    toRight.to.greet(this);
  }

  private Direction towards(DemoNode from) {
    return from == toLeft.to ? toRight : toLeft;
  }

  /**
   * Delivers until nobody has anything to say any more.
   *
   * @param order which way goes next, where several have something to deliver
   */
  static void settle(List<Link> links, RandomGenerator order) {
    while (true) {
      List<Runnable> deliveries = new ArrayList<>();
      for (Link link : links) {
        for (Direction way : List.of(link.toLeft, link.toRight)) {
          if (!way.waiting.isEmpty()) {
            deliveries.add(() -> way.to.receive(way.waiting.remove(), link));
          }
        }
      }
      if (deliveries.isEmpty()) {
        return;
      }
      deliveries.get(order.nextInt(deliveries.size())).run();
    }
  }
}
