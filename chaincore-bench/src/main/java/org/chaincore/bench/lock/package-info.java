/** How the ranked lock compares with those of the JDK; the tables are in docs/bench/locks.md. */
@org.jspecify.annotations.NullMarked
package org.chaincore.bench.lock;
