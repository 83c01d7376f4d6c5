package org.chaincore.net.tcp;

/**
 * What a transport counts; the first three are as of now, the others since it was made.
 *
 * @param inbound connections that others have made, those in handshakes too
 * @param outbound connections and attempts of our own
 * @param queuedBytes that wait to be sent
 * @param refused those that got no place by {@link AcceptLimits}
 * @param failedHandshakes those that TLS has cut, or that were too slow
 * @param cut those ended by a limit: full queues, silence, stalls
 * @param receivedBytes that came, without TLS's own
 * @param sentBytes that left, without TLS's own
 */
public record TcpFigures(
    int inbound,
    int outbound,
    long queuedBytes,
    long refused,
    long failedHandshakes,
    long cut,
    long receivedBytes,
    long sentBytes) {}
