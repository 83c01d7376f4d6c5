/** Coins in memory, over those on disk. */
package org.chaincore.store.coins;
