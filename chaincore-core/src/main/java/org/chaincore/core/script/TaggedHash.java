package org.chaincore.core.script;

import java.nio.charset.StandardCharsets;
import org.chaincore.core.block.ByteWriter;
import org.chaincore.core.value.Sha256;

/**
 * SHA-256 under a tag, so that what is hashed for one purpose never equals what is hashed for
 * another (BIP340). Immutable and thread-safe.
 */
final class TaggedHash {
  static final TaggedHash CHALLENGE = new TaggedHash("BIP0340/challenge");
  static final TaggedHash AUX = new TaggedHash("BIP0340/aux");
  static final TaggedHash NONCE = new TaggedHash("BIP0340/nonce");
  static final TaggedHash TAP_TWEAK = new TaggedHash("TapTweak");
  static final TaggedHash TAP_SIGHASH = new TaggedHash("TapSighash");
  static final TaggedHash KEY_FROM_SEED = new TaggedHash("ChainCore/key");

  private final byte[] prefix;

  private TaggedHash(String tag) {
    byte[] hash = Sha256.hash(tag.getBytes(StandardCharsets.UTF_8));
    this.prefix = ByteWriter.ofExpectedSize(2 * hash.length).bytes(hash).bytes(hash).toArray();
  }

  /** Begins a message: what is written next is hashed under this tag. */
  ByteWriter begin(ByteWriter out) {
    return out.clear().bytes(prefix);
  }

  byte[] hash(byte[]... parts) {
    ByteWriter out = begin(ByteWriter.create());
    for (byte[] part : parts) {
      out.bytes(part);
    }
    return Sha256.hash(out.toArray());
  }
}
