package org.chaincore.sync.protocol;

import org.chaincore.sync.peer.PeerId;

/** What the download of the chain is at, or waits for. */
sealed interface FetchState {
  /** The same for a person, a sentence without its full stop. */
  String sentence();

  /** Nobody to ask. */
  record NoPeers() implements FetchState {
    @Override
    public String sentence() {
      return "no peers to ask for blocks";
    }
  }

  /** All that peers have is here. */
  record CaughtUp(int height) implements FetchState {
    @Override
    public String sentence() {
      return "caught up at height " + height;
    }
  }

  /** A peer is asked for headers. */
  record WaitingForHeaders(PeerId peer) implements FetchState {
    @Override
    public String sentence() {
      return "waiting for headers from " + peer;
    }
  }

  /** A chain of headers is looked over before it is taken in. */
  record WeighingHeaders(PeerId peer, long headers, boolean isSecondPass) implements FetchState {
    @Override
    public String sentence() {
      return (isSecondPass ? "downloading again " : "weighing the work of ")
          + headers
          + " headers of "
          + peer;
    }
  }

  /** Bodies are on their way. */
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

  /** Nobody who is connected has delivered, or can. */
  record Missing(int height, int target) implements FetchState {
    @Override
    public String sentence() {
      return "no peer serves block " + height + " of " + target;
    }
  }

  /** Only the host can allow what comes next. */
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
