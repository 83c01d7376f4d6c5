package org.chaincore.core.script;

import java.util.ArrayList;
import java.util.List;
import org.chaincore.core.value.Bytes;

/** What a script pushes, of whatever kind the script is. Stateless. */
public final class PushedData {
  private PushedData() {}

  /**
   * The byte strings that a script pushes, in order, without empty ones and those that an opcode
   * stands for; up to a push that is cut off, behind which nothing has a meaning.
   */
  public static List<Bytes> of(Bytes script) {
    List<Bytes> pushed = new ArrayList<>();
    int at = 0;
    while (at >= 0 && at < script.length()) {
      Push push = Push.at(script, at);
      if (push != null && push.from() < push.to()) {
        pushed.add(push.data(script));
      }
      at = Push.end(script, at);
    }
    return pushed;
  }
}
