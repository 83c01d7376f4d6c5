/** What may change while a node runs. */
package org.chaincore.sync.settings;
