/**
 * Locks that know their order: a reader-writer lock with a rank that is checked at every acquire,
 * bounded waiting for readers and writers, deadlock detection that knows read holds, and figures
 * for each lock. A registry owns the locks of one engine; there is no global state. Depends on
 * nothing else of the core, so that hosts can use it for their own code. Start at {@link
 * org.chaincore.core.lock.LockRegistry}.
 */
package org.chaincore.core.lock;
