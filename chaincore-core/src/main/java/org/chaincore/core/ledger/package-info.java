/**
 * Who owns what: coins, how a block spends and creates them, and how that is undone. Pure: it reads
 * coins through a {@link org.chaincore.core.ledger.CoinView} and returns what changes.
 */
package org.chaincore.core.ledger;
