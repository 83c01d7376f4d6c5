package org.chaincore.sync.peer;

/**
 * A ban that the host has imposed.
 *
 * @param owner what is banned, see {@link GroupingRule#ownerOf}
 * @param untilSeconds when it ends, Unix seconds
 */
public record Ban(NetworkAddress owner, long untilSeconds) {}
