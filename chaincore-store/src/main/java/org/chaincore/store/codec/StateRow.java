package org.chaincore.store.codec;

import org.chaincore.core.block.ByteReader;
import org.chaincore.core.block.ByteWriter;
import org.chaincore.core.value.Hash256;

/**
 * Where the chain stands, written with every commit. Immutable.
 *
 * @param commits how many commits there were
 * @param tip the tip
 * @param height its height
 * @param headers how many headers there are
 * @param bodies how many bodies there ever were
 * @param coins how many coins the tip leaves
 */
public record StateRow(long commits, Hash256 tip, int height, int headers, int bodies, long coins) {
  /** A chain of nothing but genesis. */
  public static StateRow ofGenesis(Hash256 genesis) {
    return new StateRow(0, genesis, 0, 0, 0, 0);
  }

  public static StateRow read(byte[] payload) {
    return ByteReader.readAll(
        payload,
        "state",
        in ->
            new StateRow(
                in.int64("state commits"),
                in.hash("state tip"),
                in.int32("state height"),
                in.int32("state headers"),
                in.int32("state bodies"),
                in.int64("state coins")));
  }

  public byte[] toBytes() {
    return ByteWriter.create()
        .int64(commits)
        .hash(tip)
        .int32(height)
        .int32(headers)
        .int32(bodies)
        .int64(coins)
        .toArray();
  }
}
