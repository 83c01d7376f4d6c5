package org.chaincore.sync.identity;

import org.chaincore.core.block.ByteWriter;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.LittleEndian;
import org.chaincore.core.value.SipKey;

/** SipHash of the message under the public key, repeated with a counter added. */
final class SimulatedSignatures implements Signatures {
  @Override
  public NodeSignature sign(NodeKey key, Bytes message) {
    if (key.isDestroyed()) {
      throw new IllegalStateException("node key was destroyed");
    }
    return hash(key.id(), message);
  }

  @Override
  public boolean verify(NodeId signer, Bytes message, NodeSignature signature) {
    return hash(signer, message).equals(signature);
  }

  private static NodeSignature hash(NodeId signer, Bytes message) {
    byte[] id = signer.toArray();
    SipKey key = SipKey.of(LittleEndian.getLong(id, 0), LittleEndian.getLong(id, 8));
    long word = key.hash(message.toArray());
    ByteWriter out = ByteWriter.ofExpectedSize(NodeSignature.BYTES);
    for (int i = 0; i < NodeSignature.BYTES / Long.BYTES; i++) {
      out.int64(word + i);
    }
    return new NodeSignature(out.toBytes());
  }
}
