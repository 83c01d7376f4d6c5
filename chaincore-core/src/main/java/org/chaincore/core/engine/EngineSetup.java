package org.chaincore.core.engine;

import org.chaincore.core.config.ChainParams;
import org.chaincore.core.config.PolicyLimits;
import org.chaincore.core.lock.LockRegistry;
import org.chaincore.core.script.SignatureVerifier;
import org.chaincore.core.script.SignatureWorkers;
import org.chaincore.core.store.ChainStore;
import org.chaincore.core.store.InMemoryChainStore;
import org.chaincore.core.value.SipKey;

/**
 * What an engine is made of. Immutable.
 *
 * @param params the network
 * @param limits the node's own limits
 * @param store where the chain is kept; the engine does not close it
 * @param signatures who verifies signatures
 * @param locks whose locks the engine takes; one registry serves all locks of a node
 * @param workers who helps to check the signatures of blocks and loose transactions
 * @param salt a secret of this engine; it decides where things lie in memory and nothing else
 */
public record EngineSetup(
    ChainParams params,
    PolicyLimits limits,
    ChainStore store,
    SignatureVerifier signatures,
    LockRegistry locks,
    SignatureWorkers workers,
    SipKey salt) {
  /** Nobody helps, and there is no secret: for a chain that no stranger can reach. */
  public EngineSetup(
      ChainParams params,
      PolicyLimits limits,
      ChainStore store,
      SignatureVerifier signatures,
      LockRegistry locks) {
    this(params, limits, store, signatures, locks, SignatureWorkers.NONE, SipKey.of(0, 0));
  }

  /** A chain on the heap with default limits and the fastest verifier that is there. */
  public static EngineSetup inMemory(ChainParams params) {
    return new EngineSetup(
        params,
        PolicyLimits.DEFAULT,
        InMemoryChainStore.create(),
        SignatureVerifier.best(),
        LockRegistry.create());
  }

  public EngineSetup withLimits(PolicyLimits newLimits) {
    return new EngineSetup(params, newLimits, store, signatures, locks, workers, salt);
  }

  public EngineSetup withStore(ChainStore newStore) {
    return new EngineSetup(params, limits, newStore, signatures, locks, workers, salt);
  }

  public EngineSetup withSignatures(SignatureVerifier verifier) {
    return new EngineSetup(params, limits, store, verifier, locks, workers, salt);
  }

  public EngineSetup withWorkers(SignatureWorkers newWorkers) {
    return new EngineSetup(params, limits, store, signatures, locks, newWorkers, salt);
  }

  public EngineSetup withSalt(SipKey newSalt) {
    return new EngineSetup(params, limits, store, signatures, locks, workers, newSalt);
  }
}
