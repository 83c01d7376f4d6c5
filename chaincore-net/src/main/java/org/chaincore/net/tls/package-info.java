/**
 * Who may speak to a node: mutual TLS 1.3, with certificates from a host's keystores or with a
 * node's own key. Start at {@link org.chaincore.net.tls.MutualTls}.
 */
package org.chaincore.net.tls;
