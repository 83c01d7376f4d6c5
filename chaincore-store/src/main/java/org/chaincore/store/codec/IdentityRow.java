package org.chaincore.store.codec;

import org.chaincore.core.block.ByteReader;
import org.chaincore.core.block.ByteWriter;
import org.chaincore.core.store.ChainIdentity;

/** Which network the store is of, in bytes. Stateless. */
public final class IdentityRow {
  private IdentityRow() {}

  public static ChainIdentity read(byte[] payload) {
    return ByteReader.readAll(
        payload,
        "identity",
        in -> new ChainIdentity(in.hash("identity genesis"), in.hash("identity fingerprint")));
  }

  public static byte[] toBytes(ChainIdentity identity) {
    return ByteWriter.create().hash(identity.genesis()).hash(identity.fingerprint()).toArray();
  }
}
