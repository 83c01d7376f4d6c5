package org.chaincore.sync.message;

import org.chaincore.core.block.Block;

/**
 * A block, asked for by {@link GetData}. Source: BIP144.
 *
 * <p>A peer that asks for the plain inventory type gets the encoding without witnesses. What it
 * reads is then a block that has none, with witness as everything that was read.
 *
 * @param block the block
 * @param withWitness whether its witnesses, where it has any, are written
 */
public record BlockMessage(Block block, boolean withWitness) implements Message {
  public static final String COMMAND = "block";

  /** The whole block. */
  public BlockMessage(Block block) {
    this(block, true);
  }

  @Override
  public String command() {
    return COMMAND;
  }
}
