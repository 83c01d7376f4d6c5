/** What the hot paths take of the heap. */
@NullMarked
package org.chaincore.bench.heap;

import org.jspecify.annotations.NullMarked;
