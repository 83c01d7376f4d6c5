/**
 * What a node remembers of what it decided, so that it can say why. Start at {@code ChainJournal};
 * {@code Explanation} is what it says.
 */
package org.chaincore.net.journal;
