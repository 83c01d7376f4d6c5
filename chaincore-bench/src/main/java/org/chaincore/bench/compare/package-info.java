/** ChainCore beside its peers, in one process and one run. */
@NullMarked
package org.chaincore.bench.compare;

import org.jspecify.annotations.NullMarked;
