package org.chaincore.sync.protocol;

/**
 * What reconciling mempools came to since the node started.
 *
 * @param rounds how many began, on either side
 * @param sketchFailures in how many sketches told nothing
 * @param splits in how many this side asked for sketches of parts
 * @param fallbackInventories how many announcements took the place of a round that failed
 * @param bytes of all frames of the exchanges, sent and received, with their heads; transactions
 *     and announcements apart
 * @param duplicates transactions that came by a round and that we had
 */
public record MempoolSyncCounters(
    long rounds,
    long sketchFailures,
    long splits,
    long fallbackInventories,
    long bytes,
    long duplicates) {}
