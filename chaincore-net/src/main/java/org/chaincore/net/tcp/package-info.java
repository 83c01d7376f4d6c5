/**
 * Carries bytes over TCP, plain or within TLS. Start at {@link org.chaincore.net.tcp.TcpTransport}.
 */
package org.chaincore.net.tcp;
