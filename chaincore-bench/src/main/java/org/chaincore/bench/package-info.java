/** What the hot paths cost, measured with JMH; figures are kept in docs/bench. */
@NullMarked
package org.chaincore.bench;

import org.jspecify.annotations.NullMarked;
