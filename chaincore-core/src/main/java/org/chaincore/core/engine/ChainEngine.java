package org.chaincore.core.engine;

/** The engine. */
public final class ChainEngine {
  private ChainEngine() {}
}
