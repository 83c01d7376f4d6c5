/** Benchmarks of nodes that talk to each other. */
package org.chaincore.bench.sync;
