/**
 * What is measured: the same work, done by ChainCore, by its peers and by nobody but the bare
 * machine.
 */
@NullMarked
package org.chaincore.bench.workload;

import org.jspecify.annotations.NullMarked;
