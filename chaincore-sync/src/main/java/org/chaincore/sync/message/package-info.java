/**
 * Every message of the wire as a record; start at {@link org.chaincore.sync.message.Message}. Bytes
 * are the business of the codec.
 */
package org.chaincore.sync.message;
