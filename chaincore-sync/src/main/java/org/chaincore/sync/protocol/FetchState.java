package org.chaincore.sync.protocol;

import org.chaincore.sync.peer.PeerId;

/** What the download of the chain is at, or waits for. */
public sealed interface FetchState {
  /** The same for a person, a sentence without its full stop. */
  String sentence();

  /** Nobody to ask. */
  record NoPeers() implements FetchState {
    @Override
    public String sentence() {
      return "no peers: nothing to sync from";
    }
  }

  /**
   * All that peers are known to have is here.
   *
   * @param height of the chain
   */
  record CaughtUp(int height) implements FetchState {
    @Override
    public String sentence() {
      return "caught up at height " + height;
    }
  }

  /**
   * A peer is asked for headers.
   *
   * @param peer which
   */
  record WaitingForHeaders(PeerId peer) implements FetchState {
    @Override
    public String sentence() {
      return "waiting for headers from " + peer;
    }
  }

  /**
   * A chain of headers is looked over before it is taken in.
   *
   * @param peer whose
   * @param headers how many were looked at in this pass
   * @param isSecondPass whether it has shown its work, and is sent again to be taken in
   */
  record WeighingHeaders(PeerId peer, long headers, boolean isSecondPass) implements FetchState {
    @Override
    public String sentence() {
      return (isSecondPass ? "downloading again " : "weighing the work of ")
          + headers
          + " headers of "
          + peer;
    }
  }

  /**
   * Bodies are on their way.
   *
   * @param first the lowest height that was asked for
   * @param last the highest
   * @param target the height of the best header
   * @param peers how many were asked
   */
  record Downloading(int first, int last, int target, int peers) implements FetchState {
    @Override
    public String sentence() {
      return "downloading blocks "
          + first
          + ".."
          + last
          + " of "
          + target
          + " from "
          + peers
          + (peers == 1 ? " peer" : " peers");
    }
  }

  /**
   * Nobody who is connected has delivered, or can.
   *
   * @param height of the block that is missing
   * @param target the height of the best header
   */
  record Missing(int height, int target) implements FetchState {
    @Override
    public String sentence() {
      return "no peer serves block " + height + " of " + target;
    }
  }

  /**
   * Only the host can allow what comes next.
   *
   * @param depth how many blocks would leave the chain
   * @param limit how many may
   */
  record DeepReorg(int depth, int limit) implements FetchState {
    @Override
    public String sentence() {
      return "a chain of more work needs a reorganisation of "
          + depth
          + " blocks, more than the limit of "
          + limit
          + ": the host decides";
    }
  }
}
