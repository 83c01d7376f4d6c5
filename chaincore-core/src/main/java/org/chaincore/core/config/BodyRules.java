package org.chaincore.core.config;

/** How far a network's blocks can be judged. */
public enum BodyRules {
  /**
   * Headers only: the network has scripts that ChainCore does not run, so it takes no block bodies
   * of it.
   */
  HEADERS_ONLY,
  /** Whole blocks: every output is one of ChainCore's templates, anything else is refused. */
  TEMPLATES
}
