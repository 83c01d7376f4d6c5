package org.chaincore.sync.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.chaincore.sync.settings.Publisher.HOUR;
import static org.chaincore.sync.settings.Publisher.INTERVAL;
import static org.chaincore.sync.settings.Publisher.NETWORK;
import static org.chaincore.sync.settings.Publisher.NOW;
import static org.chaincore.sync.settings.Publisher.SIGNATURES;
import static org.chaincore.sync.settings.Publisher.changed;
import static org.chaincore.sync.settings.Publisher.reason;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.chaincore.core.block.ByteReader;
import org.chaincore.core.block.ByteWriter;
import org.chaincore.core.block.MalformedBytesException;
import org.chaincore.core.config.Networks;
import org.chaincore.core.fixture.SeededRun;
import org.chaincore.core.value.Bytes;
import org.chaincore.sync.identity.NodeId;
import org.chaincore.sync.identity.NodeSignature;
import org.chaincore.sync.identity.Signatures;
import org.junit.jupiter.api.Test;

class SettingsStateTest {
  private final Publisher publisher = Publisher.of(1);
  private final Publisher colleague = Publisher.of(2);
  private final SettingsState state = Publisher.state(publisher, colleague);

  private static int interval(SettingsState of) {
    return of.current().interval(SyncTask.MEMPOOL);
  }

  private static byte[] snapshot(SettingsState of) {
    ByteWriter out = ByteWriter.create();
    of.write(out);
    return out.toArray();
  }

  private RefusalReason refusal(SettingsDocument document) {
    OperationalSettings before = state.current();
    long version = state.version();
    RefusalReason reason = reason(state.offer(document, NOW));
    assertThat(state.current()).isEqualTo(before);
    assertThat(state.version()).isEqualTo(version);
    return reason;
  }

  @Test
  void offer_newerDocument_isAppliedOverTheHostsOwn() {
    OfferOutcome outcome = state.offer(publisher.interval(7, 5), NOW);

    assertThat(changed(outcome)).containsExactly(INTERVAL);
    assertThat(state.current())
        .isEqualTo(OperationalSettings.DEFAULT.withInterval(SyncTask.MEMPOOL, 5))
        .isEqualTo(((OfferOutcome.Applied) outcome).settings());
    assertThat(state.own()).isEqualTo(OperationalSettings.DEFAULT);
    assertThat(state.document()).contains(publisher.interval(7, 5));
    assertThat(state.version()).isEqualTo(7);
    assertThat(state.expiresSeconds()).hasValue(NOW + HOUR);
  }

  @Test
  void offer_nextDocument_takesBackWhatItDoesNotName() {
    state.offer(publisher.interval(1, 5), NOW);

    OfferOutcome outcome = state.offer(publisher.publish(2, Map.of("peers.max", "9")), NOW);

    assertThat(changed(outcome)).containsExactly("peers.max", INTERVAL);
    assertThat(interval(state)).isEqualTo(15);
  }

  @Test
  void offer_nobodyTrusted_isRefusedAndCounted() {
    SettingsState alone =
        SettingsState.of(NETWORK, OperationalSettings.DEFAULT, TrustedSigners.NONE, SIGNATURES);

    assertThat(reason(alone.offer(publisher.interval(1, 5), NOW)))
        .isEqualTo(RefusalReason.UNTRUSTED_SIGNER);
    assertThat(reason(alone.offer(publisher.interval(1, 5), NOW)))
        .isEqualTo(RefusalReason.UNTRUSTED_SIGNER);
    assertThat(alone.counts().refused(RefusalReason.UNTRUSTED_SIGNER)).isEqualTo(2);
    assertThat(alone.counts().refused(RefusalReason.REPLAYED)).isZero();
    assertThat(alone.counts().applied()).isZero();
  }

  @Test
  void offer_sameOrOlderVersion_isReplayed() {
    SettingsDocument old = publisher.interval(1, 5);
    state.offer(old, NOW);
    assertThat(refusal(old)).isEqualTo(RefusalReason.REPLAYED);
    state.offer(publisher.interval(2, 6), NOW);

    assertThat(refusal(old)).isEqualTo(RefusalReason.REPLAYED);
    assertThat(refusal(colleague.interval(2, 7))).isEqualTo(RefusalReason.REPLAYED);
    assertThat(interval(state)).isEqualTo(6);
    assertThat(state.counts())
        .isEqualTo(new SettingsCounts(2, 0, new TreeMap<>(Map.of(RefusalReason.REPLAYED, 3L))));
  }

  @Test
  void offer_signatureOfSomethingElse_isRefused() {
    SettingsDocument good = publisher.interval(1, 5);
    NodeSignature other = publisher.interval(2, 5).signature();

    assertThat(refusal(new SettingsDocument(good.draft(), good.signer(), other)))
        .isEqualTo(RefusalReason.BAD_SIGNATURE);
    assertThat(refusal(new SettingsDocument(good.draft(), colleague.id(), good.signature())))
        .isEqualTo(RefusalReason.BAD_SIGNATURE);
  }

  @Test
  void offer_anotherNetworksDocument_isRefused() {
    SettingsDraft elsewhere =
        new SettingsDraft(Networks.chaincore().fingerprint(), 1, NOW, NOW + HOUR, new TreeMap<>());

    assertThat(refusal(publisher.sign(elsewhere))).isEqualTo(RefusalReason.WRONG_NETWORK);
  }

  @Test
  void offer_outsideItsTime_isRefused() {
    SettingsDocument document = publisher.interval(1, 5);

    assertThat(reason(state.offer(document, NOW - HOUR - 1)))
        .isEqualTo(RefusalReason.NOT_YET_VALID);
    assertThat(reason(state.offer(document, NOW + HOUR))).isEqualTo(RefusalReason.EXPIRED);
    assertThat(state.offer(document, NOW - HOUR)).isInstanceOf(OfferOutcome.Applied.class);
    assertThat(Publisher.state(publisher).offer(document, NOW + HOUR - 1))
        .isInstanceOf(OfferOutcome.Applied.class);
  }

  @Test
  void offer_oldOrForeignOrOfNobody_costsNoSignatureCheck() {
    List<NodeId> checked = new ArrayList<>();
    Signatures counting =
        new Signatures() {
          @Override
          public NodeSignature sign(org.chaincore.sync.identity.NodeKey key, Bytes message) {
            return SIGNATURES.sign(key, message);
          }

          @Override
          public boolean verify(NodeId signer, Bytes message, NodeSignature signature) {
            checked.add(signer);
            return SIGNATURES.verify(signer, message, signature);
          }
        };
    SettingsState counted =
        SettingsState.of(
            NETWORK, OperationalSettings.DEFAULT, Publisher.trusting(publisher), counting);
    counted.offer(publisher.interval(3, 5), NOW);
    counted.offer(publisher.interval(3, 5), NOW);
    counted.offer(publisher.interval(4, 5), NOW + HOUR);
    counted.offer(colleague.interval(5, 5), NOW);

    assertThat(checked).containsExactly(publisher.id());
  }

  @Test
  void offer_badSettings_areRefusedForTheirOwnReasonAndUseUpNoVersion() {
    assertThat(refusal(publisher.publish(5, Map.of("work.limit", "1", INTERVAL, "5"))))
        .isEqualTo(RefusalReason.CONSENSUS_KEY);
    assertThat(refusal(publisher.publish(5, Map.of("sync.future.enabled", "true", INTERVAL, "5"))))
        .isEqualTo(RefusalReason.UNKNOWN_KEY);
    assertThat(refusal(publisher.publish(5, Map.of(INTERVAL, "0", "peers.max", "9"))))
        .isEqualTo(RefusalReason.OUT_OF_RANGE);
    assertThat(state.offer(publisher.interval(5, 5), NOW)).isInstanceOf(OfferOutcome.Applied.class);
  }

  @Test
  void expire_timeIsOver_goesBackToTheHostsOwnForGood() {
    SettingsDocument document = publisher.interval(3, 5);
    state.offer(document, NOW);

    assertThat(state.expire(NOW + HOUR - 1)).isEmpty();
    assertThat(interval(state)).isEqualTo(5);
    assertThat(state.expire(NOW + HOUR)).containsExactly(INTERVAL);
    assertThat(interval(state)).isEqualTo(15);
    assertThat(state.document()).isEmpty();
    assertThat(state.expiresSeconds()).isEmpty();
    assertThat(state.counts().expired()).isEqualTo(1);
    assertThat(state.expire(NOW + HOUR)).isEmpty();
    assertThat(refusal(document)).isEqualTo(RefusalReason.REPLAYED);
  }

  @Test
  void useOwn_underADocument_keepsWhatTheDocumentNames() {
    state.offer(publisher.interval(1, 5), NOW);
    OperationalSettings own =
        OperationalSettings.DEFAULT.withInterval(SyncTask.MEMPOOL, 99).withMinFeePerKilobyte(7);

    SettingsChange change = state.useOwn(own);

    assertThat(((SettingsChange.Applied) change).changed())
        .containsExactly("policy.min_fee_per_kvb");
    assertThat(interval(state)).isEqualTo(5);
    assertThat(state.expire(NOW + HOUR)).containsExactly(INTERVAL);
    assertThat(state.current()).isEqualTo(own);
  }

  @Test
  void useOwn_notInRangeBesideTheDocument_changesNothing() {
    state.offer(publisher.publish(1, Map.of("peers.max", "9")), NOW);
    OperationalSettings before = state.current();

    SettingsChange change =
        state.useOwn(OperationalSettings.DEFAULT.withPeers(new PeerLimits(2, 10, 20)));

    assertThat(((SettingsChange.Refused) change).key()).isEqualTo("peers.max");
    assertThat(state.current()).isEqualTo(before);
    assertThat(state.own()).isEqualTo(OperationalSettings.DEFAULT);
  }

  @Test
  void useOwn_noDocument_isWhatHolds() {
    OperationalSettings own = OperationalSettings.DEFAULT.withInterval(SyncTask.CHAIN, 3);

    assertThat(((SettingsChange.Applied) state.useOwn(own)).changed())
        .containsExactly("sync.chain.interval_seconds");
    assertThat(state.current()).isEqualTo(own);
  }

  @Test
  void trust_signerDropped_withdrawsTheDocumentAndFreesTheVersions() {
    state.offer(colleague.interval(3, 7), NOW);
    state.offer(publisher.interval(Long.MAX_VALUE, 5), NOW);
    assertThat(refusal(colleague.interval(4, 8))).isEqualTo(RefusalReason.REPLAYED);

    assertThat(state.trust(Publisher.trusting(colleague))).containsExactly(INTERVAL);

    assertThat(interval(state)).isEqualTo(15);
    assertThat(state.version()).isEqualTo(3);
    assertThat(refusal(colleague.interval(3, 7))).isEqualTo(RefusalReason.REPLAYED);
    assertThat(state.offer(colleague.interval(4, 8), NOW)).isInstanceOf(OfferOutcome.Applied.class);
    assertThat(state.trust(Publisher.trusting(publisher, colleague))).isEmpty();
    assertThat(state.version()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void trust_manyChangesOfMind_keepsABoundedNumberOfVersions() {
    for (int i = 3; i < 100; i++) {
      Publisher next = Publisher.of(i);
      state.trust(Publisher.trusting(publisher, next));
      state.offer(i == 3 ? publisher.interval(1, 5) : next.interval(i, 5), NOW);
    }

    state.trust(Publisher.trusting(publisher));
    assertThat(state.version()).isEqualTo(1);
    byte[] snapshot = snapshot(state);
    assertThat(snapshot[33]).isEqualTo((byte) VersionMarks.MAX);
    SettingsState again = Publisher.state(publisher);
    again.restore(ByteReader.of(snapshot), NOW);
    assertThat(again.version()).isEqualTo(1);
  }

  @Test
  void restore_afterARestart_goesOnAndRefusesTheOld() {
    SettingsDocument old = publisher.interval(1, 9);
    state.offer(old, NOW);
    state.offer(publisher.interval(2, 5), NOW);
    SettingsState again = Publisher.state(publisher);

    assertThat(again.restore(ByteReader.of(snapshot(state)), NOW + 1)).containsExactly(INTERVAL);

    assertThat(again.document()).isEqualTo(state.document());
    assertThat(interval(again)).isEqualTo(5);
    assertThat(reason(again.offer(old, NOW))).isEqualTo(RefusalReason.REPLAYED);
    assertThat(again.offer(publisher.interval(3, 4), NOW)).isInstanceOf(OfferOutcome.Applied.class);
  }

  @Test
  void restore_documentNoLongerGood_keepsItsVersionOnly() {
    state.offer(publisher.publish(2, Map.of("peers.max", "9")), NOW);
    byte[] snapshot = snapshot(state);

    SettingsState late = Publisher.state(publisher);
    assertThat(late.restore(ByteReader.of(snapshot), NOW + HOUR)).isEmpty();
    assertThat(late.version()).isEqualTo(2);

    SettingsState distrusting = Publisher.state(colleague);
    assertThat(distrusting.restore(ByteReader.of(snapshot), NOW)).isEmpty();
    distrusting.trust(Publisher.trusting(publisher));
    assertThat(distrusting.version()).isEqualTo(2);

    OperationalSettings many = OperationalSettings.DEFAULT.withPeers(new PeerLimits(2, 10, 20));
    SettingsState unfit =
        SettingsState.of(NETWORK, many, Publisher.trusting(publisher), SIGNATURES);
    assertThat(unfit.restore(ByteReader.of(snapshot), NOW)).isEmpty();
    assertThat(unfit.current()).isEqualTo(many);

    byte[] forged = snapshot.clone();
    forged[forged.length - 1] ^= 1;
    SettingsState wary = Publisher.state(publisher);
    assertThat(wary.restore(ByteReader.of(forged), NOW)).isEmpty();
    assertThat(wary.document()).isEmpty();
    assertThat(wary.version()).isEqualTo(2);
  }

  @Test
  void restore_nothingInForce_keepsTheVersions() {
    state.offer(publisher.interval(2, 5), NOW);
    state.expire(NOW + HOUR);
    SettingsState again = Publisher.state(publisher);

    assertThat(again.restore(ByteReader.of(snapshot(state)), NOW)).isEmpty();
    assertThat(again.version()).isEqualTo(2);
  }

  @Test
  void restore_anyOtherBytes_isMalformedAndChangesNothing() {
    state.offer(publisher.interval(2, 5), NOW);
    byte[] snapshot = snapshot(state);
    SettingsState fresh = Publisher.state(publisher);
    for (int length = 0; length < snapshot.length; length++) {
      ByteReader cut = ByteReader.of(snapshot, 0, length);
      assertThatThrownBy(() -> fresh.restore(cut, NOW)).isInstanceOf(MalformedBytesException.class);
    }
    // Format, network, version of the mark, flag of the document.
    int[] at = {0, 1, 34 + 32, 34 + 40};
    byte[] with = {2, (byte) ~snapshot[1], 0, 2};
    for (int i = 0; i < at.length; i++) {
      byte[] spoiled = snapshot.clone();
      spoiled[at[i]] = with[i];
      assertThatThrownBy(() -> fresh.restore(ByteReader.of(spoiled), NOW))
          .isInstanceOf(MalformedBytesException.class);
    }
    assertThat(fresh.version()).isZero();
    assertThat(fresh.current()).isEqualTo(OperationalSettings.DEFAULT);
  }

  @Test
  void restore_marksBeyondTheBoundOrTwice_isMalformed() {
    ByteWriter many = ByteWriter.create();
    many.uint8(1).hash(NETWORK).compactSize(65).bytes(new byte[65 * 40]);
    ByteWriter twice = ByteWriter.create();
    twice.uint8(1).hash(NETWORK).compactSize(2);
    for (int i = 0; i < 2; i++) {
      publisher.id().write(twice);
      twice.int64(i + 1);
    }

    assertThatThrownBy(() -> state.restore(ByteReader.of(many.toArray()), NOW))
        .hasMessageContaining("65 of at most 64");
    assertThatThrownBy(() -> state.restore(ByteReader.of(twice.toArray()), NOW))
        .hasMessageContaining("version 2 of");
  }

  @Test
  void restore_afterADocument_isABug() {
    byte[] snapshot = snapshot(state);
    state.offer(publisher.interval(1, 5), NOW);

    assertThatThrownBy(() -> state.restore(ByteReader.of(snapshot), NOW))
        .isInstanceOf(IllegalStateException.class);
  }

  /** Whatever is offered in whatever order, over restarts too: versions only grow. */
  @Test
  void offer_randomSequences_keepVersionsMonotoneAndSettingsWhole() {
    SeededRun.of(60, 60)
        .check(
            (random, size) -> {
              SettingsState any = Publisher.state(publisher, colleague);
              long now = NOW;
              long applied = 0;
              for (int i = 0; i < size; i++) {
                now += random.nextInt(200);
                long before = any.version();
                OperationalSettings held = any.current();
                Publisher by = Publisher.of(1 + random.nextInt(3));
                long from = now - 300 + random.nextInt(400);
                SettingsDocument document =
                    by.sign(
                        new SettingsDraft(
                            NETWORK,
                            1 + random.nextInt(size),
                            from,
                            from + 1 + random.nextInt(600),
                            new TreeMap<>(Map.of(INTERVAL, Integer.toString(random.nextInt(30))))));
                OfferOutcome outcome = any.offer(document, now);
                if (outcome instanceof OfferOutcome.Applied) {
                  applied++;
                  assertThat(document.draft().version()).isGreaterThan(before);
                  assertThat(any.version()).isEqualTo(document.draft().version());
                  assertThat(any.current().toMap())
                      .containsAllEntriesOf(document.draft().settings());
                } else {
                  assertThat(any.version()).isEqualTo(before);
                  assertThat(any.current()).isEqualTo(held);
                }
                any.expire(now);
                if (any.document().isEmpty()) {
                  assertThat(any.current()).isEqualTo(any.own());
                }
                if (random.nextInt(10) == 0) {
                  SettingsState next = Publisher.state(publisher, colleague);
                  next.restore(ByteReader.of(snapshot(any)), now);
                  assertThat(next.version()).isEqualTo(any.version());
                  assertThat(next.current()).isEqualTo(any.current());
                  applied -= any.counts().applied();
                  any = next;
                }
                assertThat(any.counts().applied()).isEqualTo(applied);
              }
            });
  }

  /** One document changes the mempool interval of five running nodes; the old one no longer can. */
  @Test
  void offer_oneDocumentToFiveNodes_changesTheirScheduleAndReplayDoesNot() {
    SettingsDocument old = publisher.interval(1, 600);
    SettingsDocument fresh = publisher.interval(2, 2);
    List<Long> dues = new ArrayList<>();
    for (int node = 0; node < 5; node++) {
      SettingsState settings = Publisher.state(publisher);
      TaskSchedule schedule = TaskSchedule.of(settings.current(), node, 0);
      schedule.begin(SyncTask.MEMPOOL, 14_000);
      for (SettingsDocument document : Arrays.asList(old, fresh, old)) {
        settings.offer(document, NOW);
        schedule.apply(settings.current(), 20_000);
      }

      assertThat(interval(settings)).isEqualTo(2);
      assertThat(settings.counts().refused(RefusalReason.REPLAYED)).isEqualTo(1);
      assertThat(schedule.due(22_200)).contains(SyncTask.MEMPOOL);
      dues.add(schedule.nextDueMillis().orElseThrow());
    }
    assertThat(dues).doesNotHaveDuplicates();
  }
}
