package org.chaincore.examples;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.chaincore.core.block.BlockHeader;
import org.chaincore.core.config.Networks;
import org.chaincore.core.pow.NonceRange;
import org.chaincore.core.pow.NonceSearch;
import org.chaincore.core.value.Hash256;

/** Files of headers that a test writes, and regtest headers to put into them. */
final class HeaderFiles {
  private static final int VERSION = 0x2000_0000;
  private static final int BLOCK_SECONDS = 600;

  private final Path directory;

  HeaderFiles(Path directory) {
    this.directory = directory;
  }

  static BlockHeader regtestGenesis() {
    return Networks.regtest().genesis().header();
  }

  /**
   * Mines a branch of regtest.
   *
   * @param parent what it stands on
   * @param salt tells it from other branches
   */
  static List<BlockHeader> mine(BlockHeader parent, int count, long salt) {
    List<BlockHeader> branch = new ArrayList<>();
    BlockHeader tip = parent;
    for (int i = 0; i < count; i++) {
      Hash256 root = Hash256.ofWords(salt, i, 0, 0);
      BlockHeader header =
          BlockHeader.of(VERSION, tip.hash(), root, tip.time() + BLOCK_SECONDS, parent.bits(), 0);
      tip = ((NonceSearch.Found) NonceSearch.search(header, NonceRange.ALL, () -> false)).header();
      branch.add(tip);
    }
    return branch;
  }

  /** The lowest nonce that does not prove any work. */
  static BlockHeader spoiled(BlockHeader header) {
    BlockHeader spoiled = header;
    while (Integer.parseInt(spoiled.hash().toString().substring(0, 1), 16) < 8) {
      spoiled = spoiled.withNonce(spoiled.nonce() + 1);
    }
    return spoiled;
  }

  String write(String name, List<BlockHeader> headers) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    headers.forEach(header -> bytes.writeBytes(header.toWire()));
    return write(name, bytes.toByteArray());
  }

  String write(String name, byte[] bytes) {
    try {
      return Files.write(directory.resolve(name), bytes).toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
