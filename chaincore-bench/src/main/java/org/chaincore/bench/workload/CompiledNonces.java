package org.chaincore.bench.workload;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.chaincore.core.value.Bytes;

/**
 * Nonce search in C, compiled here and now: what the processor can do at most. Only where there is
 * a C compiler, and a processor with SHA instructions.
 */
public final class CompiledNonces {
  private static final String SOURCE = "nonces.c";
  private static final long TIMEOUT_SECONDS = 60;

  private final Path program;

  private CompiledNonces(Path program) {
    this.program = program;
  }

  /** Compiles it; empty where that cannot be done. */
  public static Optional<CompiledNonces> compile() throws IOException {
    Path directory = Files.createTempDirectory("nonces");
    directory.toFile().deleteOnExit(); // The last that is registered goes first.
    Path source = directory.resolve(SOURCE);
    Path program = directory.resolve("nonces");
    try (InputStream in = CompiledNonces.class.getResourceAsStream(SOURCE)) {
      Files.copy(Objects.requireNonNull(in, SOURCE), source);
      String arch = "-march=native";
      run("cc", "-O3", arch, "-o", program.toString(), source.toString());
      program.toFile().deleteOnExit();
      return Optional.of(new CompiledNonces(program));
    } catch (IOException missing) {
      return Optional.empty();
    } finally {
      Files.deleteIfExists(source);
    }
  }

  /**
   * Searches a header from nonce 0 on.
   *
   * @return nonces tried in a second of CPU time
   * @throws IOException if it does not find this nonce
   */
  double rate(byte[] header, int goodNonce) throws IOException {
    String answer = run(program.toString(), Bytes.of(header).toHex(), String.valueOf(goodNonce));
    int space = answer.indexOf(' ');
    if (!answer.substring(0, space).equals(String.valueOf(goodNonce))) {
      throw new IOException("C answered " + answer + " where nonce " + goodNonce + " is good");
    }
    return (goodNonce + 1) * 1e9 / Long.parseLong(answer.substring(space + 1));
  }

  private static String run(String... command) throws IOException {
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    try {
      if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IOException(command[0] + " failed");
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IOException(stopped);
    }
    return said.trim();
  }
}
