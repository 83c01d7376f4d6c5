package org.chaincore.core.orphan;

/**
 * What an orphan pool holds and what became of all that it was ever offered: {@code received} is
 * always {@code size + recovered + expired + evicted + dropped}. Immutable.
 *
 * @param size how many wait now
 * @param capacity how many may
 * @param bytes bytes on the wire of those that wait
 * @param received how many new ones were offered
 * @param recovered how many were taken out because what they waited for came, or came by another
 *     way
 * @param expired how many waited too long
 * @param evicted how many were pushed out, or found no room at all
 * @param dropped how many were taken out because what they waited for is invalid
 * @param rejectedPow how many were refused before they were offered, as they lacked proof of work
 */
public record OrphanStats(
    int size,
    int capacity,
    long bytes,
    long received,
    long recovered,
    long expired,
    long evicted,
    long dropped,
    long rejectedPow) {}
