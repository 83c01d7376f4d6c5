package org.chaincore.net.bitcoinj;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Wireshark's reading of a capture, by tshark. Stateless. */
final class Dissector {
  private Dissector() {}

  /**
   * What Wireshark made of a capture.
   *
   * @param messages how many messages of each command it found
   * @param malformed the frames that it could not read, each with its number and what it says
   */
  record Reading(SortedMap<String, Integer> messages, List<String> malformed) {
    /** The numbers of the malformed frames, counted from 1. */
    List<Integer> packets() {
      return malformed.stream()
          .map(line -> Integer.valueOf(line.strip().split(" ", -1)[0]))
          .toList();
    }
  }

  static Reading read(Path capture) throws IOException, InterruptedException {
    SortedMap<String, Integer> messages = new TreeMap<>();
    for (String line : tshark(capture, "-T", "fields", "-e", "bitcoin.command")) {
      for (String command : line.split(",", -1)) {
        if (!command.isBlank()) {
          messages.merge(command.strip(), 1, Integer::sum);
        }
      }
    }
    return new Reading(messages, tshark(capture, "-Y", "_ws.malformed"));
  }

  private static List<String> tshark(Path capture, String... arguments)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                "tshark",
                "-n",
                "-r",
                capture.toString(),
                "-d",
                "tcp.port==" + Capture.PORT + ",bitcoin"));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int code = process.waitFor();
    if (code != 0) {
      throw new IOException("tshark ended with " + code);
    }
    return said.lines().filter(line -> !line.isBlank()).toList();
  }
}
