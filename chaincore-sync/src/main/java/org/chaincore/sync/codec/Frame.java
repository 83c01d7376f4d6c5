package org.chaincore.sync.codec;

/** What a {@link FrameDecoder} found in a peer's bytes. Immutable. */
public sealed interface Frame permits MessageFrame, UnknownFrame, MalformedFrame {}
