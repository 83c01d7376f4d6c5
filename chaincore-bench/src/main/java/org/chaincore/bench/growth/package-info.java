/** How the cost of a thing grows with the number of things there are. */
@NullMarked
package org.chaincore.bench.growth;

import org.jspecify.annotations.NullMarked;
