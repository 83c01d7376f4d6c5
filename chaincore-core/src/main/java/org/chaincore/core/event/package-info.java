/**
 * What happened to the chain, in order: an event for each change, kept for a while, so that whoever
 * lost the thread can pick it up where it was.
 */
package org.chaincore.core.event;
