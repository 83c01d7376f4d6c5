/** Nodes in processes of their own. */
package org.chaincore.net.process;
