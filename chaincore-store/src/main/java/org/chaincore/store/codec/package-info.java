/** What the values of the store look like in bytes; see docs/store-format.md. */
package org.chaincore.store.codec;
