package org.chaincore.net.http;

import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequestDecoder;

/**
 * Reads requests, and refuses those whose length two readers could take to be different: a proxy
 * and a server that do not agree on where a request ends let one client speak for another (request
 * smuggling; RFC 9112, section 6.3).
 */
final class StrictRequestDecoder extends HttpRequestDecoder {
  /** Bytes of method, URI and version. No URI of ours has 200. */
  static final int MAX_LINE_BYTES = 4_096;

  /** Bytes of all headers together. */
  static final int MAX_HEADER_BYTES = 16_384;

  private static final int MAX_CHUNK_BYTES = 16_384;

  StrictRequestDecoder() {
    super(
        new HttpDecoderConfig()
            .setMaxInitialLineLength(MAX_LINE_BYTES)
            .setMaxHeaderSize(MAX_HEADER_BYTES)
            .setMaxChunkSize(MAX_CHUNK_BYTES)
            .setAllowDuplicateContentLengths(false)
            .setStrictLineParsing(true)
            .setValidateHeaders(true));
  }

  @Override
  protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
    throw new IllegalArgumentException("a length and chunks");
  }
}
