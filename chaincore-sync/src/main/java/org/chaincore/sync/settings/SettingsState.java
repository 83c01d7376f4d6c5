package org.chaincore.sync.settings;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeMap;
import org.chaincore.core.block.ByteReader;
import org.chaincore.core.block.ByteWriter;
import org.chaincore.core.block.MalformedBytesException;
import org.chaincore.core.value.Hash256;
import org.chaincore.sync.identity.Signatures;
import org.jspecify.annotations.Nullable;

/**
 * The settings of one node on one network: the host's own, and over them those of the document in
 * force, if a signer that the host trusts has published one.
 *
 * <p><b>A document is applied as a whole or not at all.</b> It must be for this network, newer than
 * every document applied before of any trusted signer, in its time, truly signed, and all its
 * settings must be known here, no consensus, and in range beside the host's own. It replaces the
 * one before: what it does not name is the host's again. A document refused for its settings does
 * not use up its version.
 *
 * <p><b>When it expires</b>, or its signer is trusted no more, the host's own settings hold again,
 * until a newer document comes. Its version stays used up, so neither it nor an older one comes
 * back; {@link #write} keeps that over a restart. One that is not yet valid is not kept for later.
 *
 * <p><b>Cost.</b> The signature is checked last of the envelope: what is old, foreign or of nobody
 * costs no curve. So a refusal as {@link RefusalReason#REPLAYED} says nothing about who sent it;
 * whoever sends on what is {@link RefusalReason#BAD_SIGNATURE} has not looked, or lies.
 *
 * <p>Times are Unix seconds. Not thread-safe; confined to the node's driver.
 */
public final class SettingsState {
  private static final int FORMAT = 1;

  private final Hash256 network;
  private final Signatures signatures;
  private final VersionMarks marks = new VersionMarks();
  private final Map<RefusalReason, Long> refused = new EnumMap<>(RefusalReason.class);
  private OperationalSettings own;
  private OperationalSettings current;
  private TrustedSigners signers;
  private @Nullable SettingsDocument inForce;
  private long applied;
  private long expired;

  private SettingsState(
      Hash256 network, OperationalSettings own, TrustedSigners signers, Signatures signatures) {
    this.network = network;
    this.own = own;
    this.current = own;
    this.signers = signers;
    this.signatures = signatures;
  }

  /**
   * Nothing but the host's own settings.
   *
   * @param network the consensus fingerprint
   * @param own what holds where no document says otherwise
   * @param signers whose documents are applied
   */
  public static SettingsState of(
      Hash256 network, OperationalSettings own, TrustedSigners signers, Signatures signatures) {
    return new SettingsState(network, own, signers, signatures);
  }

  /** How nodes of this network sign, whatever they sign. */
  public Signatures signatures() {
    return signatures;
  }

  /** The settings that hold now. */
  public OperationalSettings current() {
    return current;
  }

  /** The host's own. */
  public OperationalSettings own() {
    return own;
  }

  /** The document in force. */
  public Optional<SettingsDocument> document() {
    return Optional.ofNullable(inForce);
  }

  /** Whose documents are applied. */
  public TrustedSigners signers() {
    return signers;
  }

  /** The newest version that was applied, 0 if none was. A document must be newer. */
  public long version() {
    return marks.newest(signers);
  }

  /** When the document in force ends, in Unix seconds. */
  public OptionalLong expiresSeconds() {
    return inForce == null
        ? OptionalLong.empty()
        : OptionalLong.of(inForce.draft().expiresSeconds());
  }

  public SettingsCounts counts() {
    return new SettingsCounts(applied, expired, new TreeMap<>(refused));
  }

  /** Judges a document, and applies it if it is good. */
  public OfferOutcome offer(SettingsDocument document, long nowSeconds) {
    OfferOutcome outcome = judge(document, nowSeconds);
    if (outcome instanceof OfferOutcome.Refused no) {
      refused.merge(no.reason(), 1L, Long::sum);
    } else {
      applied++;
    }
    return outcome;
  }

  private OfferOutcome judge(SettingsDocument document, long nowSeconds) {
    SettingsDraft draft = document.draft();
    Optional<OfferOutcome> fault = checkEnvelope(document, nowSeconds);
    if (fault.isPresent()) {
      return fault.get();
    }
    SettingsChange change = own.with(draft.settings());
    if (change instanceof SettingsChange.Refused no) {
      return new OfferOutcome.Refused(no.reason(), no.detail());
    }
    OperationalSettings settings = ((SettingsChange.Applied) change).settings();
    marks.put(document.signer(), draft.version(), signers);
    return new OfferOutcome.Applied(settings, become(settings, document));
  }

  private Optional<OfferOutcome> checkEnvelope(SettingsDocument document, long nowSeconds) {
    SettingsDraft draft = document.draft();
    if (!draft.network().equals(network)) {
      return refuse(RefusalReason.WRONG_NETWORK, "for network " + draft.network());
    }
    if (!signers.contains(document.signer())) {
      return refuse(RefusalReason.UNTRUSTED_SIGNER, "signer " + document.signer());
    }
    if (draft.version() <= version()) {
      return refuse(
          RefusalReason.REPLAYED, "version " + draft.version() + ", applied was " + version());
    }
    if (nowSeconds < draft.notBeforeSeconds()) {
      return refuse(RefusalReason.NOT_YET_VALID, "not before " + draft.notBeforeSeconds());
    }
    if (nowSeconds >= draft.expiresSeconds()) {
      return refuse(RefusalReason.EXPIRED, "expired at " + draft.expiresSeconds());
    }
    return document.isSignedBy(signatures)
        ? Optional.empty()
        : refuse(RefusalReason.BAD_SIGNATURE, "not signed by " + document.signer());
  }

  private static Optional<OfferOutcome> refuse(RefusalReason reason, String detail) {
    return Optional.of(new OfferOutcome.Refused(reason, detail));
  }

  private SortedSet<String> become(
      OperationalSettings settings, @Nullable SettingsDocument document) {
    SortedSet<String> changed = current.differences(settings);
    current = settings;
    inForce = document;
    return Collections.unmodifiableSortedSet(changed);
  }

  /**
   * Changes the host's own settings, under the document in force. Refused, and nothing changed, if
   * the document is not in range beside them.
   */
  public SettingsChange useOwn(OperationalSettings settings) {
    SettingsChange change = settings.with(inForce == null ? Map.of() : inForce.draft().settings());
    if (change instanceof SettingsChange.Applied good) {
      own = settings;
      return new SettingsChange.Applied(good.settings(), become(good.settings(), inForce));
    }
    return change;
  }

  /**
   * Changes some of the host's own settings, as {@link #useOwn} changes all. Refused, and nothing
   * changed, if one of them is refused.
   *
   * @param changes values by names, see {@link OperationalSettings#with(Map)}
   */
  public SettingsChange changeOwn(Map<String, String> changes) {
    SettingsChange change = own.with(changes);
    return change instanceof SettingsChange.Applied good ? useOwn(good.settings()) : change;
  }

  /**
   * Changes who is trusted. A document in force whose signer is trusted no more is withdrawn, and
   * its version no longer binds the others.
   *
   * @return the names of the settings that changed
   */
  public SortedSet<String> trust(TrustedSigners newSigners) {
    signers = newSigners;
    boolean isWithdrawn = inForce != null && !newSigners.contains(inForce.signer());
    return isWithdrawn ? become(own, null) : Collections.emptySortedSet();
  }

  /**
   * Ends the document in force if its time is over.
   *
   * @return the names of the settings that changed
   */
  public SortedSet<String> expire(long nowSeconds) {
    if (inForce == null || nowSeconds < inForce.draft().expiresSeconds()) {
      return Collections.emptySortedSet();
    }
    expired++;
    return become(own, null);
  }

  /** Writes what must outlive a restart: the versions applied, and the document in force. */
  public void write(ByteWriter out) {
    out.uint8(FORMAT).hash(network);
    marks.write(out);
    out.uint8(inForce == null ? 0 : 1);
    if (inForce != null) {
      inForce.write(out);
    }
  }

  /**
   * Takes up what {@link #write} kept. The document is in force again if it still has time, its
   * signer is trusted and truly signed it, and its settings are good beside the host's own; the
   * versions are used up in any case.
   *
   * @return the names of the settings that changed
   * @throws MalformedBytesException if the bytes are none of ours or of another network; nothing
   *     changed then
   * @throws IllegalStateException if a document was applied already, whose version could be lost
   */
  public SortedSet<String> restore(ByteReader in, long nowSeconds) {
    if (!marks.isEmpty()) {
      throw new IllegalStateException("documents were applied before the state was restored");
    }
    int at = in.position();
    int format = in.uint8("state format");
    Hash256 kept = in.hash("state network");
    if (format != FORMAT || !kept.equals(network)) {
      throw new MalformedBytesException(at, "state", "format " + format + ", network " + kept);
    }
    VersionMarks read = VersionMarks.read(in);
    int flagAt = in.position();
    int flag = in.uint8("document flag");
    if (flag > 1) {
      throw new MalformedBytesException(flagAt, "document flag", "neither 0 nor 1: " + flag);
    }
    @Nullable SettingsDocument document = flag == 0 ? null : SettingsDocument.read(in);
    marks.addAll(read);
    return document == null ? Collections.emptySortedSet() : resume(document, nowSeconds);
  }

  private SortedSet<String> resume(SettingsDocument document, long nowSeconds) {
    boolean isGood =
        document.draft().network().equals(network)
            && signers.contains(document.signer())
            && nowSeconds < document.draft().expiresSeconds()
            && document.isSignedBy(signatures);
    return isGood && own.with(document.draft().settings()) instanceof SettingsChange.Applied good
        ? become(good.settings(), document)
        : Collections.emptySortedSet();
  }
}
