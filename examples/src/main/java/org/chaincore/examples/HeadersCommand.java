package org.chaincore.examples;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.chaincore.core.block.BlockHeader;
import org.chaincore.core.chain.HeaderChain;
import org.chaincore.core.chain.HeaderNode;
import org.chaincore.core.chain.HeaderOutcome;
import org.chaincore.core.chain.HeaderTree;
import org.chaincore.core.config.ChainParams;
import org.chaincore.core.config.Networks;
import org.chaincore.core.pow.ProofOfWork;
import org.chaincore.core.rules.Rejection;
import org.chaincore.core.rules.RejectionCode;
import org.chaincore.core.value.Sha256;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Checks files of consecutive 80-byte headers by all the header rules of a network. The last line
 * on standard output is for machines: what the chain came to, or the first header that was refused.
 */
@Command(
    name = "headers",
    description = {
      "Checks files of consecutive 80-byte headers.",
      "The last line of output is for machines: headers=N and the tip, or rejected index=N, or"
          + " error code=WORD. N of headers= counts every header that was read, those that a file"
          + " repeats too.",
      "Ends with 0 if all headers are good, 1 if one is not, 2 if the command line is wrong, 3 if a"
          + " file cannot be read to its end."
    },
    mixinStandardHelpOptions = true)
final class HeadersCommand implements Callable<Integer> {
  private static final int HEADERS_AT_ONCE = 8_192;
  private static final int BAD_HEADER = 1;
  private static final long HIGHEST_HEIGHT = 2_000_000_000;
  private static final String TRUNCATED = "truncated-header";

  @Spec private CommandSpec spec;

  @Option(
      names = "--network",
      required = true,
      description = "Whose rules: ${COMPLETION-CANDIDATES}.")
  private Network network;

  @Option(
      names = "--file",
      required = true,
      description = "A file of headers; a further one continues from any header already known.")
  private List<Path> files;

  @Option(
      names = "--start",
      description =
          "The first header has this height and is trusted with its bits. The default, 0, trusts"
              + " genesis alone: the first header follows it, or is genesis itself.")
  private int start;

  /** Made by picocli, which fills in the fields. */
  @SuppressWarnings("NullAway.Init")
  HeadersCommand() {}

  /** The networks whose headers can be checked. */
  enum Network {
    mainnet(Networks.bitcoinMainnet()),
    testnet3(Networks.bitcoinTestnet3()),
    signet(Networks.bitcoinSignet()),
    regtest(Networks.regtest());

    @SuppressWarnings("ImmutableEnumChecker") // ChainParams are immutable; their rules are records.
    private final ChainParams params;

    Network(ChainParams params) {
      this.params = params;
    }
  }

  /** A header that was refused, at its place in its file. */
  private record Refusal(long index, String code, String detail) {}

  @Override
  public Integer call() throws IOException {
    requireArguments();
    long startNanos = System.nanoTime();
    Check check = new Check();
    for (Path file : files) {
      Refusal refusal = check.file(file);
      if (refusal != null) {
        Output.say(
            spec,
            "rejected index=%d code=%s detail=%s",
            refusal.index,
            refusal.code,
            refusal.detail);
        return BAD_HEADER;
      }
    }
    double seconds = (System.nanoTime() - startNanos) / 1e9;
    HeaderChain chain = check.chain();
    HeaderNode tip = chain.tip();
    Output.say(
        spec,
        "headers=%d height=%d tip=%s work=%s branch_tips=%d reorgs=%d unchecked=%d seconds=%.3f",
        check.headers,
        tip.height(),
        tip.hash(),
        tip.chainWork().toHex(),
        chain.tree().branchTips(),
        chain.reorganisations(),
        chain.tree().unchecked(),
        seconds);
    return 0;
  }

  private void requireArguments() throws IOException {
    if (start < 0) {
      throw wrong("--start is below 0: " + start);
    }
    long highest = start;
    for (Path file : files) {
      if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
        throw wrong("--file cannot be read: " + file);
      }
      highest += Files.size(file) / BlockHeader.BYTES;
    }
    if (highest > HIGHEST_HEIGHT) {
      throw wrong("--start and the files lead to height " + highest + ", above " + HIGHEST_HEIGHT);
    }
  }

  private ParameterException wrong(String what) {
    return new ParameterException(spec.commandLine(), what);
  }

  /** The files on their way into one chain. */
  private final class Check {
    private final Sha256 hasher = Sha256.create();
    private final long nowSeconds = System.currentTimeMillis() / 1000;
    private @Nullable HeaderChain chain =
        start == 0 ? HeaderChain.on(HeaderTree.of(network.params)) : null;
    private long headers;

    /** The chain; genesis alone if there was no header and none was to be trusted. */
    HeaderChain chain() {
      if (chain == null) {
        throw wrong("--start needs a header to start from, the files are empty");
      }
      return chain;
    }

    /** The first header of a file that is refused; null if all are good. */
    @Nullable Refusal file(Path file) throws IOException {
      byte[] buffer = new byte[HEADERS_AT_ONCE * BlockHeader.BYTES];
      long index = 0;
      try (InputStream in = Files.newInputStream(file)) {
        while (true) {
          int bytes = in.readNBytes(buffer, 0, buffer.length);
          for (int at = 0; at + BlockHeader.BYTES <= bytes; at += BlockHeader.BYTES) {
            Rejection rejection = header(BlockHeader.read(buffer, at, hasher));
            if (rejection != null) {
              return new Refusal(index, rejection.code().id(), rejection.detail());
            }
            index++;
          }
          int left = bytes % BlockHeader.BYTES;
          if (left != 0) {
            return new Refusal(index, TRUNCATED, "file ends after " + left + " of 80 bytes");
          }
          if (bytes < buffer.length) {
            return null;
          }
        }
      }
    }

    private @Nullable Rejection header(BlockHeader header) {
      headers++;
      if (chain == null) {
        return trust(header);
      }
      HeaderOutcome outcome = chain.accept(header, nowSeconds);
      if (outcome instanceof HeaderOutcome.Refused refused) {
        return refused.rejection();
      }
      return outcome instanceof HeaderOutcome.Unconnected unconnected
          ? Rejection.of(
              RejectionCode.UNKNOWN_PARENT, "parent " + unconnected.parent() + " is not known")
          : null;
    }

    /** Its place and its bits are taken at their word, its work is not. */
    private @Nullable Rejection trust(BlockHeader header) {
      ProofOfWork.Verdict verdict =
          ProofOfWork.verdict(header.bits(), header.hash(), network.params.work().limit());
      if (verdict == ProofOfWork.Verdict.INSUFFICIENT) {
        return Rejection.of(
            RejectionCode.HIGH_HASH, "hash " + header.hash() + " is above its target");
      }
      if (verdict != ProofOfWork.Verdict.VALID) {
        return Rejection.of(RejectionCode.BAD_BITS, String.format("bits %08x", header.bits()));
      }
      chain = HeaderChain.on(HeaderTree.startingAt(network.params, header, start));
      return null;
    }
  }
}
