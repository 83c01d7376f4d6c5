/**
 * The chain as one thing: start here. {@link org.chaincore.core.engine.ChainEngine} takes blocks,
 * headers and transactions one at a time, judges them by all the packages below, keeps what is good
 * and tells what happened.
 */
package org.chaincore.core.engine;
