/** The durable store beside a bare file, on one disk and in one run. */
@NullMarked
package org.chaincore.bench.store;

import org.jspecify.annotations.NullMarked;
