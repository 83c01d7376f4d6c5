package org.chaincore.net.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.chaincore.core.block.Block;
import org.chaincore.core.config.PolicyLimits;
import org.chaincore.core.fixture.ChainFixture;
import org.chaincore.core.fixture.Payments;
import org.chaincore.core.script.Address;
import org.chaincore.core.store.ChainStore;
import org.chaincore.core.store.InMemoryChainStore;
import org.chaincore.core.value.Bytes;
import org.chaincore.sync.driver.DriverSetup;
import org.chaincore.sync.driver.SyncDriver;
import org.chaincore.sync.fixture.Conversation;
import org.chaincore.sync.fixture.TestNode;
import org.chaincore.sync.protocol.SyncEvent;
import org.chaincore.sync.transport.MemoryNetwork;

/** A real node on a chain of trivial difficulty, and its interface, asked as a client would. */
final class TestApi implements AutoCloseable {
  static final int API_PORT = 5_000;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final ChainFixture chain;
  private final SyncDriver driver;
  private final BlockingQueue<SyncEvent> events;
  private final int number;
  private final ApiToken token = ApiToken.of("0123456789abcdef-token");
  private final ApiHandler handler;

  private record Self(TestNode node) implements ApiSources.Self {
    @Override
    public String nodeId() {
      return node.setup().self().key().id().toString();
    }

    @Override
    public String software() {
      return "chaincore-test/1";
    }

    @Override
    public long nowMillis() {
      return node.nowMillis();
    }

    @Override
    public int apiPort() {
      return API_PORT;
    }

    @Override
    public long hashesPerSecond() {
      return 0;
    }
  }

  private TestApi(MemoryNetwork network, int number, boolean hasIndex) {
    this(InMemoryChainStore.create(), network, number, hasIndex);
  }

  private TestApi(ChainStore store, MemoryNetwork network, int number, boolean hasIndex) {
    this.chain = ChainFixture.on(store, PolicyLimits.DEFAULT.maxReorgDepthBlocks());
    this.number = number;
    TestNode node = TestNode.on(chain, number);
    this.events = new LinkedBlockingQueue<>();
    this.driver =
        SyncDriver.start(
            new DriverSetup(
                node.setup(),
                network.transportAt(Conversation.addressOf(number)),
                chain.locks(),
                new DriverSetup.Host(node::nowMillis, events::add, null)));
    AddressIndex index = hasIndex ? AddressIndex.of(store, chain.engine(), chain.locks()) : null;
    this.handler =
        ApiHandler.of(
            new ApiSources(
                chain.engine(),
                driver,
                chain.locks(),
                new Self(node),
                new ApiSources.Desks(SettingsDesk.of(driver), index)),
            ApiAccess.onLoopback(token));
  }

  static TestApi begin() {
    return new TestApi(MemoryNetwork.immediate(), 1, true);
  }

  static TestApi overStoreIndexes() {
    return new TestApi(InMemoryChainStore.indexed(), MemoryNetwork.immediate(), 1, true);
  }

  static TestApi withoutIndex() {
    return new TestApi(MemoryNetwork.immediate(), 1, false);
  }

  /** One of several nodes of a network. */
  static TestApi on(MemoryNetwork network, int number) {
    return new TestApi(network, number, true);
  }

  ChainFixture chain() {
    return chain;
  }

  SyncDriver driver() {
    return driver;
  }

  ApiHandler handler() {
    return handler;
  }

  String token() {
    return token.text();
  }

  /** Connects to another node, and waits until they have greeted. */
  void connectTo(TestApi other) throws InterruptedException {
    driver.connect(Conversation.addressOf(other.number));
    await(SyncEvent.PeerReady.class);
    other.await(SyncEvent.PeerReady.class);
  }

  <E extends SyncEvent> E await(Class<E> kind) throws InterruptedException {
    while (true) {
      SyncEvent event = events.poll(30, TimeUnit.SECONDS);
      if (event == null) {
        throw new AssertionError("no " + kind.getSimpleName() + " before the time is over");
      }
      if (kind.isInstance(event)) {
        return kind.cast(event);
      }
    }
  }

  /** An address of this network. */
  String address() {
    return new Address(chain.engine().params().addresses(), Payments.withAnySignature().payout())
        .toString();
  }

  ApiRequest request(String method, String uri, String body, String... headers) {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("Host", "127.0.0.1:" + API_PORT);
    for (int i = 0; i < headers.length; i += 2) {
      all.put(headers[i], headers[i + 1]);
    }
    return new ApiRequest(
        method, uri, all, Bytes.of(body.getBytes(StandardCharsets.UTF_8)), "127.0.0.1:1");
  }

  ApiResponse ask(ApiRequest request) {
    return handler.handle(request).orTimeout(60, TimeUnit.SECONDS).join();
  }

  ApiResponse get(String uri) {
    return ask(request("GET", uri, ""));
  }

  ApiResponse post(String uri, String body) {
    return ask(request("POST", uri, body, "Authorization", "Bearer " + token.text()));
  }

  JsonNode getJson(String uri) {
    ApiResponse response = get(uri);
    if (response.status() != 200) {
      throw new AssertionError(uri + " answered " + response.status() + " " + json(response));
    }
    return json(response);
  }

  static JsonNode json(ApiResponse response) {
    return json(new String(response.body().toArray(), StandardCharsets.UTF_8));
  }

  static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (IOException malformed) {
      throw new UncheckedIOException(text, malformed);
    }
  }

  static String text(ApiResponse response) {
    return new String(response.body().toArray(), StandardCharsets.UTF_8);
  }

  /** Hex of a block in a body to be posted. */
  static String hex(Block block) {
    return "{\"hex\":\"" + Bytes.of(block.toWire()).toHex() + "\"}";
  }

  /** Asks for a template, solves it, and posts it member by member. */
  JsonNode mineOver() {
    JsonNode template =
        json(post("/mine_block", "{\"miner_address\":\"" + address() + "\"}"))
            .get("block_template");
    for (long nonce = 0; nonce < 1_000; nonce++) {
      ((ObjectNode) template).put("nonce", nonce);
      ((ObjectNode) template).remove("hash");
      ApiResponse response = post("/submit_block", template.toString());
      if (response.status() == 200) {
        return json(response);
      }
      if (!json(response).path("error").asText().equals("high-hash")) {
        throw new AssertionError(text(response));
      }
    }
    throw new AssertionError("no nonce of a thousand is good");
  }

  static List<String> names(JsonNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  @Override
  public void close() {
    handler.close();
    driver.close();
  }
}
