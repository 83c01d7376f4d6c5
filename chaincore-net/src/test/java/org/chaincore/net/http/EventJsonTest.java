package org.chaincore.net.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.event.ChainEvent;
import org.chaincore.core.event.ChainEvent.BlockRef;
import org.chaincore.core.fixture.ChainFixture;
import org.chaincore.core.rules.Rejection;
import org.chaincore.core.rules.RejectionCode;
import org.chaincore.core.value.Hash256;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** How each event is told to clients. */
final class EventJsonTest {
  private static final Hash256 HASH = Hash256.parse("ab".repeat(32));
  private static final Hash256 PARENT = Hash256.parse("cd".repeat(32));
  private static final BlockRef BLOCK = new BlockRef(7, HASH);
  private static final Transaction PAYMENT = payment();

  private static Transaction payment() {
    return ChainFixture.begin().genesis().transactions().get(0);
  }

  private static Stream<Arguments> events() {
    return Stream.of(
        Arguments.of(
            new ChainEvent.TipChanged(List.of(), List.of(BLOCK)),
            "tip_changed",
            "{\"disconnected_count\":0,\"disconnected\":[],\"connected_count\":1,"
                + "\"connected\":[{\"index\":7,\"hash\":\"HASH\"}]}"),
        Arguments.of(
            new ChainEvent.TipChanged(List.of(BLOCK), List.of(new BlockRef(7, PARENT))),
            "reorganisation",
            "{\"disconnected_count\":1,\"disconnected\":[{\"index\":7,\"hash\":\"HASH\"}],"
                + "\"connected_count\":1,\"connected\":[{\"index\":7,\"hash\":\"PARENT\"}]}"),
        Arguments.of(
            new ChainEvent.SideBlockStored(BLOCK), "side_block", "{\"index\":7,\"hash\":\"HASH\"}"),
        Arguments.of(
            new ChainEvent.BlockOrphaned(HASH, PARENT),
            "block_orphaned",
            "{\"hash\":\"HASH\",\"parent\":\"PARENT\"}"),
        Arguments.of(
            new ChainEvent.OrphanRecovered(HASH), "orphan_recovered", "{\"hash\":\"HASH\"}"),
        Arguments.of(
            new ChainEvent.BlockRejected(HASH, Rejection.of(RejectionCode.BAD_SPEND, "input 0")),
            "block_rejected",
            "{\"hash\":\"HASH\",\"rule\":\""
                + RejectionCode.BAD_SPEND.id()
                + "\",\"detail\":\"input 0\"}"),
        Arguments.of(
            new ChainEvent.ReorgRefused(BLOCK, 9, 3),
            "reorganisation_refused",
            "{\"index\":7,\"hash\":\"HASH\",\"depth\":9,\"limit\":3}"),
        Arguments.of(
            new ChainEvent.TransactionAccepted(PAYMENT),
            "transaction_accepted",
            "{\"tx_id\":\""
                + PAYMENT.txid()
                + "\",\"virtual_size\":"
                + PAYMENT.virtualSize()
                + "}"),
        Arguments.of(
            new ChainEvent.TransactionRemoved(HASH, ChainEvent.RemovalReason.EVICTED),
            "transaction_removed",
            "{\"tx_id\":\"HASH\",\"reason\":\"evicted\"}"));
  }

  private static JsonNode write(ChainEvent event) {
    return TestApi.json(EventJson.write(event, JsonWriter.object()).end().toString());
  }

  @ParameterizedTest
  @MethodSource("events")
  void write_ofEachEvent_isNamedAndWhole(ChainEvent event, String name, String members) {
    String expected = members.replace("HASH", HASH.toString()).replace("PARENT", PARENT.toString());

    assertThat(EventJson.name(event)).isEqualTo(name);
    assertThat(write(event)).isEqualTo(TestApi.json(expected));
  }

  @Test
  void write_ofADeepReorganisation_tellsBothEndsAndHowMany() {
    List<BlockRef> many =
        IntStream.range(0, 1_000).mapToObj(height -> new BlockRef(height, HASH)).toList();

    JsonNode written = write(new ChainEvent.TipChanged(many, many));

    assertThat(written.get("connected_count").asInt()).isEqualTo(1_000);
    assertThat(written.get("connected")).hasSize(200);
    assertThat(written.get("connected").get(99).get("index").asInt()).isEqualTo(99);
    assertThat(written.get("connected").get(100).get("index").asInt()).isEqualTo(900);
    assertThat(written.get("disconnected")).hasSize(200);
  }
}
