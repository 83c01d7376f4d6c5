/** Other nodes: where they are, what is known of them, and how far they are trusted. */
package org.chaincore.sync.peer;
