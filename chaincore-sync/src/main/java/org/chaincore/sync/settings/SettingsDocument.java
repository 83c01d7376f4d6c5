package org.chaincore.sync.settings;

import org.chaincore.core.block.ByteReader;
import org.chaincore.core.block.ByteWriter;
import org.chaincore.sync.identity.NodeId;
import org.chaincore.sync.identity.NodeSignature;
import org.chaincore.sync.identity.Signatures;

/**
 * Settings that somebody signed for a network. Nodes pass it on as it is; whether one applies it is
 * for its {@link SettingsState} to say.
 *
 * <p>On the wire: a byte for the format, network, version, both times, the number of settings, each
 * name and value behind its length with names ascending, signer, signature. Each document has one
 * encoding. Immutable.
 *
 * @param draft what it says
 * @param signer whose signature it should be
 * @param signature over the purpose, the draft and the signer; not yet judged
 */
public record SettingsDocument(SettingsDraft draft, NodeId signer, NodeSignature signature) {
  /** No document is longer. */
  public static final int MAX_BYTES = 8 * 1024;

  /** Whether the signature is the signer's. */
  public boolean isSignedBy(Signatures signatures) {
    return signatures.verify(signer, draft.signedBytes(signer), signature);
  }

  /**
   * Reads a document.
   *
   * @throws org.chaincore.core.block.MalformedBytesException if it is none, or not in its one form
   */
  public static SettingsDocument read(ByteReader in) {
    return new SettingsDocument(SettingsDraft.read(in), NodeId.read(in), NodeSignature.read(in));
  }

  /** Writes a document. */
  public void write(ByteWriter out) {
    draft.write(out);
    signer.write(out);
    signature.write(out);
  }
}
