/**
 * The rules that need no coins: what a header, a transaction and a block may look like, each broken
 * rule answered with a {@link org.chaincore.core.rules.Rejection} that names it.
 */
package org.chaincore.core.rules;
