/** Filters by which a light client says what it wants without saying whose it is. */
package org.chaincore.sync.filter;
