package org.chaincore.sync.protocol;

import java.util.ArrayList;
import java.util.List;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.ByteWriter;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.event.ChainEvent;
import org.chaincore.core.value.Hash256;
import org.chaincore.sync.message.Addresses;
import org.chaincore.sync.message.AddressesV2;
import org.chaincore.sync.message.BisectionRequest;
import org.chaincore.sync.message.BlockMessage;
import org.chaincore.sync.message.BlockTransactions;
import org.chaincore.sync.message.CompactBlock;
import org.chaincore.sync.message.FeeFilter;
import org.chaincore.sync.message.FilterAdd;
import org.chaincore.sync.message.FilterClear;
import org.chaincore.sync.message.FilterLoad;
import org.chaincore.sync.message.GetAddresses;
import org.chaincore.sync.message.GetBlockTransactions;
import org.chaincore.sync.message.GetBlocks;
import org.chaincore.sync.message.GetData;
import org.chaincore.sync.message.GetHeaders;
import org.chaincore.sync.message.GetNetworkConfig;
import org.chaincore.sync.message.GetStatistics;
import org.chaincore.sync.message.Headers;
import org.chaincore.sync.message.Inventory;
import org.chaincore.sync.message.InventoryItem;
import org.chaincore.sync.message.InventoryType;
import org.chaincore.sync.message.MempoolRequest;
import org.chaincore.sync.message.Message;
import org.chaincore.sync.message.NetworkConfig;
import org.chaincore.sync.message.NotFound;
import org.chaincore.sync.message.Ping;
import org.chaincore.sync.message.Pong;
import org.chaincore.sync.message.ReconcileDifference;
import org.chaincore.sync.message.ReconcileRequest;
import org.chaincore.sync.message.SendCompact;
import org.chaincore.sync.message.SendHeaders;
import org.chaincore.sync.message.SketchExtensionRequest;
import org.chaincore.sync.message.SketchMessage;
import org.chaincore.sync.message.StatisticsMessage;
import org.chaincore.sync.message.TransactionMessage;
import org.chaincore.sync.peer.ConnectionKind;
import org.chaincore.sync.peer.ConnectionSlots;
import org.chaincore.sync.peer.Misbehaviour;
import org.chaincore.sync.peer.SlotLimits;

/**
 * The machines of a node, and which of them gets what.
 *
 * <p>Not thread-safe; confined to the protocol.
 */
final class Machines {
  private final MachineContext context;
  final StoreWatch storeWatch;
  final ConnectionSlots slots;
  final Handshake handshake;
  final Liveness liveness;
  final PeerSafety safety;
  final ConnectionKeeper connections;
  final PeerExchange peerExchange;
  final HeaderSync headerSync;
  final BlockFetch blockFetch;
  final BodyRepair bodyRepair;
  final WantedBlocks wantedBlocks;
  final BlockRelay blockRelay;
  final ChainServer chainServer;
  final FilteredRelay filteredRelay;
  final TransactionRelay transactionRelay;
  final MempoolReconciliation reconciliation;
  final StatisticsExchange statistics;
  final Schedule schedule;
  final SettingsExchange settingsExchange;
  private final List<Machine> all;

  Machines(MachineContext context) {
    this.context = context;
    this.storeWatch = new StoreWatch(context);
    this.handshake = new Handshake(context);
    this.liveness = new Liveness(context);
    this.headerSync = new HeaderSync(context);
    this.blockFetch = new BlockFetch(context, headerSync, new BlockArrivals(context));
    this.bodyRepair = new BodyRepair(context);
    this.wantedBlocks = new WantedBlocks(context);
    this.blockRelay = new BlockRelay(context, headerSync, blockFetch);
    this.filteredRelay = new FilteredRelay(context);
    this.transactionRelay = new TransactionRelay(context, filteredRelay);
    this.chainServer = new ChainServer(context, transactionRelay.telling(), filteredRelay);
    this.reconciliation = new MempoolReconciliation(context, transactionRelay.telling());
    this.slots = ConnectionSlots.of(SlotLimits.DEFAULT, context.memory().rule());
    OwnAddresses own = new OwnAddresses(context.setup().self().reachableAt());
    this.safety = new PeerSafety(context, slots);
    this.connections = new ConnectionKeeper(context, slots, own);
    this.peerExchange = new PeerExchange(context, connections, own);
    this.statistics = new StatisticsExchange(context);
    this.schedule = new Schedule(context, headerSync, reconciliation, statistics, peerExchange);
    this.settingsExchange = new SettingsExchange(context, schedule, transactionRelay);
    this.all =
        List.of(
            handshake,
            liveness,
            safety,
            connections,
            peerExchange,
            headerSync,
            blockFetch,
            bodyRepair,
            wantedBlocks,
            blockRelay,
            chainServer,
            filteredRelay,
            transactionRelay,
            reconciliation,
            settingsExchange,
            statistics);
  }

  /** Settings may have changed by any hand; what they limit follows at once. */
  void followSettings(long nowMillis) {
    if (connections.followSettings(nowMillis)) {
      safety.cutSurplus(nowMillis);
    }
  }

  /** The host wants something. */
  void requested(Input input, long nowMillis) {
    if (input instanceof Input.DisconnectRequested wanted) {
      safety.disconnectRequested(wanted.peer());
    } else if (input instanceof Input.BanRequested wanted) {
      safety.banRequested(wanted.address(), wanted.untilSeconds(), nowMillis);
      connections.forgetBanned(nowMillis);
    } else if (input instanceof Input.ForgiveRequested wanted) {
      safety.forgiveRequested(wanted.address());
    } else if (input instanceof Input.OwnHashRate mining) {
      statistics.mines(mining.hashesPerSecond());
    } else if (input instanceof Input.BlocksWanted wish) {
      wantedBlocks.want(wish.blocks(), nowMillis);
    } else if (input instanceof Input.PeersToKeepRequested) {
      context.out().emit(new SyncEvent.PeersToKeep(context.memory().snapshot()));
    } else if (input instanceof Input.SettingsToKeepRequested) {
      ByteWriter kept = ByteWriter.create();
      context.settingsState().write(kept);
      context.out().emit(new SyncEvent.SettingsToKeep(kept.toBytes()));
    }
  }

  void established(Peer peer, long nowMillis) {
    if (peer.kind() == ConnectionKind.FEELER) {
      connections.established(peer, nowMillis);
      context.disconnect(peer, DisconnectReason.of(DisconnectReason.Cause.FEELER_DONE));
      return;
    }
    for (Machine machine : all) {
      machine.established(peer, nowMillis);
    }
  }

  /**
   * Tells all machines of those who have left, or have been told to go, since this was called last:
   * the only place where they hear of it. To be called between two steps.
   *
   * @return whether there were any
   */
  boolean letGo(long nowMillis) {
    boolean areAny = false;
    for (Peer peer = context.takeLeaving(); peer != null; peer = context.takeLeaving()) {
      areAny = true;
      for (Machine machine : all) {
        machine.disconnected(peer, nowMillis);
      }
      context.timers().cancelAll(peer.id());
    }
    return areAny;
  }

  /** A message of a peer whose handshake is done. */
  void dispatch(Peer peer, Message message, long nowMillis) {
    switch (message.command()) {
      case Ping.COMMAND -> chainServer.ping(peer, (Ping) message, nowMillis);
      case Pong.COMMAND -> liveness.pong(peer, (Pong) message, nowMillis);

      case GetHeaders.COMMAND -> chainServer.getHeaders(peer, (GetHeaders) message, nowMillis);
      case GetBlocks.COMMAND -> chainServer.getBlocks(peer, (GetBlocks) message, nowMillis);
      case GetData.COMMAND -> chainServer.getData(peer, (GetData) message, nowMillis);
      case GetBlockTransactions.COMMAND ->
          chainServer.getBlockTransactions(peer, (GetBlockTransactions) message, nowMillis);

      case Headers.COMMAND -> headerSync.headers(peer, (Headers) message, nowMillis);
      case Inventory.COMMAND -> inventory(peer, (Inventory) message, nowMillis);
      case NotFound.COMMAND -> notFound(peer, (NotFound) message, nowMillis);
      case BlockMessage.COMMAND -> block(peer, ((BlockMessage) message).block(), nowMillis);

      case SendHeaders.COMMAND -> blockRelay.sendHeaders(peer);
      case SendCompact.COMMAND -> blockRelay.sendCompact(peer, (SendCompact) message);
      case CompactBlock.COMMAND -> blockRelay.compactBlock(peer, (CompactBlock) message, nowMillis);
      case BlockTransactions.COMMAND ->
          blockRelay.blockTransactions(peer, (BlockTransactions) message, nowMillis);

      case TransactionMessage.COMMAND ->
          transaction(peer, ((TransactionMessage) message).transaction(), nowMillis);
      case FeeFilter.COMMAND -> transactionRelay.feeFilter(peer, (FeeFilter) message);
      case MempoolRequest.COMMAND -> transactionRelay.mempoolRequested(peer, nowMillis);

      case ReconcileRequest.COMMAND ->
          reconciliation.requested(peer, (ReconcileRequest) message, nowMillis);
      case SketchMessage.COMMAND -> reconciliation.sketch(peer, (SketchMessage) message, nowMillis);
      case SketchExtensionRequest.COMMAND -> reconciliation.extensionRequested(peer, nowMillis);
      case BisectionRequest.COMMAND ->
          reconciliation.partRequested(peer, (BisectionRequest) message, nowMillis);
      case ReconcileDifference.COMMAND ->
          reconciliation.difference(peer, (ReconcileDifference) message);

      case GetNetworkConfig.COMMAND ->
          settingsExchange.requested(peer, (GetNetworkConfig) message, nowMillis);
      case NetworkConfig.COMMAND ->
          settingsExchange.received(peer, ((NetworkConfig) message).document(), nowMillis);
      case GetStatistics.COMMAND -> statistics.requested(peer, (GetStatistics) message, nowMillis);
      case StatisticsMessage.COMMAND ->
          statistics.told(peer, (StatisticsMessage) message, nowMillis);

      case GetAddresses.COMMAND -> peerExchange.getAddresses(peer, nowMillis);
      case Addresses.COMMAND ->
          peerExchange.addresses(peer, ((Addresses) message).addresses(), nowMillis);
      case AddressesV2.COMMAND ->
          peerExchange.addresses(peer, ((AddressesV2) message).addresses(), nowMillis);

      case FilterLoad.COMMAND -> filteredRelay.load(peer, (FilterLoad) message, nowMillis);
      case FilterAdd.COMMAND -> filteredRelay.add(peer, (FilterAdd) message, nowMillis);
      case FilterClear.COMMAND -> filteredRelay.clear(peer, nowMillis);

      default ->
          context.out().complain(peer.id(), Misbehaviour.UNEXPECTED_MESSAGE, message.command());
    }
  }

  private void block(Peer peer, Block block, long nowMillis) {
    if (bodyRepair.received(peer, block) || wantedBlocks.received(peer, block, nowMillis)) {
      return;
    }
    boolean isExpected = blockFetch.expects(peer, block.hash());
    if (blockFetch.received(peer, block, nowMillis).isNews()) {
      blockRelay.delivered(peer, block.hash());
    } else if (!isExpected) {
      safety.tookInVain(peer, block.size(), "blocks that nobody asked for", nowMillis);
    }
  }

  private void transaction(Peer peer, Transaction transaction, long nowMillis) {
    boolean isExpected = reconciliation.expects(peer, transaction, nowMillis);
    boolean isNew = transactionRelay.received(peer, transaction, isExpected, nowMillis);
    if (isExpected) {
      reconciliation.came(peer, transaction, isNew);
    }
  }

  private void inventory(Peer peer, Inventory message, long nowMillis) {
    for (InventoryItem item : message.items()) {
      if (item.type().equals(InventoryType.BLOCK)) {
        headerSync.announced(peer, item.hash(), nowMillis);
      }
    }
    List<InventoryItem> transactions = transactionsAmong(message.items());
    if (!transactions.isEmpty()) {
      transactionRelay.announced(peer, transactions, nowMillis);
    }
  }

  /** Mostly all of them, or none. */
  private static List<InventoryItem> transactionsAmong(List<InventoryItem> items) {
    int count = 0;
    for (InventoryItem item : items) {
      count += item.type().isTransaction() ? 1 : 0;
    }
    return count == items.size()
        ? items
        : items.stream().filter(item -> item.type().isTransaction()).toList();
  }

  private void notFound(Peer peer, NotFound message, long nowMillis) {
    int vain = 0;
    List<InventoryItem> transactions = new ArrayList<>();
    for (InventoryItem item : message.items()) {
      if (item.type().isTransaction()) {
        transactions.add(item);
      } else if (!item.type().isBlock() || !blockNotFound(peer, item.hash(), nowMillis)) {
        vain++;
      }
    }
    vain += transactions.size() - transactionRelay.notFound(peer, transactions, nowMillis);
    if (vain > 0) {
      int bytes = vain * InventoryItem.BYTES;
      safety.tookInVain(peer, bytes, "no answer to anything that was asked", nowMillis);
    }
  }

  private boolean blockNotFound(Peer peer, Hash256 block, long nowMillis) {
    return blockFetch.notFound(peer, block) || wantedBlocks.notFound(peer, block, nowMillis);
  }

  /** What the node is at, or waits for. */
  FetchState state() {
    FetchState blocks = blockFetch.state();
    boolean needsNoPeer = blocks instanceof FetchState.DeepReorg;
    if (needsNoPeer || blocks instanceof FetchState.Downloading) {
      return blocks;
    }
    if (context.peers().established().isEmpty()) {
      return new FetchState.NoPeers();
    }
    FetchState headers = headerSync.state();
    return headers == null ? blocks : headers;
  }

  /** Something happened to the chain or the mempool, by whatever hand. */
  void followed(ChainEvent event, long nowMillis) {
    if (event instanceof ChainEvent.TipChanged change) {
      transactionRelay.tipChanged(change);
      blockRelay.tipChanged(change, nowMillis);
    } else if (event instanceof ChainEvent.TransactionAccepted accepted) {
      transactionRelay.accepted(accepted.transaction(), nowMillis);
    } else if (event instanceof ChainEvent.TransactionRemoved removed) {
      transactionRelay.removed(removed.txid(), removed.reason(), nowMillis);
    } else if (event instanceof ChainEvent.BlockRejected rejected) {
      blockFetch.rejected(rejected);
    } else if (event instanceof ChainEvent.OrphanRecovered recovered) {
      blockFetch.orphanRecovered(recovered);
    } else if (event instanceof ChainEvent.ReorgRefused refused) {
      blockFetch.reorgRefused(refused);
    }
  }

  /** Events of the chain or the mempool were missed; those that are kept follow. */
  void lagged(long nowMillis) {
    transactionRelay.lagged(nowMillis);
    blockRelay.lagged();
  }

  /** A timer of the node is due. */
  void fire(Timer timer, long nowMillis) {
    switch (timer) {
      case HEADERS -> headerSync.turnsDue(nowMillis);
      case REQUEST_TRANSACTIONS -> transactionRelay.requestsDue(nowMillis);
      case CONNECTIONS -> connections.due(nowMillis);
      case STATISTICS -> statistics.answerMissing();
      case SCHEDULE -> schedule.due(nowMillis);
      case SETTINGS -> settingsExchange.due(nowMillis);
      case EXPIRY -> {
        schedule.expiryDue(nowMillis);
        bodyRepair.ask();
        transactionRelay.tidy(nowMillis);
      }
      case DISCOVERY -> peerExchange.answersMissing();
      case STORE -> storeWatch.due();
      case WANTED_BLOCKS -> wantedBlocks.ask(nowMillis);
      default -> throw new IllegalStateException(timer + " is no timer of the node");
    }
  }

  /** A timer of a peer is due. */
  void fire(Timer timer, Peer peer, long nowMillis) {
    switch (timer) {
      case HANDSHAKE -> handshake.timedOut(peer);
      case PING -> liveness.pingDue(peer, nowMillis);
      case PONG -> liveness.pongMissing(peer, nowMillis);
      case HEADERS -> headerSync.headersMissing(peer, nowMillis);
      case CHAIN_BEHIND -> headerSync.behindDue(peer, nowMillis);
      case BLOCK_STALL -> blockFetch.stalled(peer, nowMillis);
      case BLOCK -> blockFetch.blockMissing(peer, nowMillis);
      case COMPACT_BLOCK -> blockRelay.transactionsMissing(peer, nowMillis);
      case ANNOUNCE_TRANSACTIONS -> transactionRelay.announceDue(peer, nowMillis);
      case RECONCILIATION -> reconciliation.answerMissing(peer, nowMillis);
      case SERVE -> chainServer.serve(peer, nowMillis);
      case ADDRESSES -> peerExchange.due(peer, nowMillis);
      default -> throw new IllegalStateException(timer + " is no timer of a peer");
    }
  }
}
