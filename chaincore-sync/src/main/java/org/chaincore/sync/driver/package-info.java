/**
 * Runs a protocol: hands it what happens, in one thread, and does what it wants done. Start at
 * {@link org.chaincore.sync.driver.SyncDriver}.
 */
package org.chaincore.sync.driver;
