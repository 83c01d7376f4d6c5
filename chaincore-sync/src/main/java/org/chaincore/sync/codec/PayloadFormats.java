package org.chaincore.sync.codec;

import static org.chaincore.sync.codec.PayloadFormat.format;
import static org.chaincore.sync.codec.PayloadFormat.ofBlocks;
import static org.chaincore.sync.codec.PayloadFormat.ofEmpty;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.chaincore.core.block.ByteWriter;
import org.chaincore.sync.message.Addresses;
import org.chaincore.sync.message.AddressesV2;
import org.chaincore.sync.message.BisectionRequest;
import org.chaincore.sync.message.BlockMessage;
import org.chaincore.sync.message.BlockTransactions;
import org.chaincore.sync.message.CompactBlock;
import org.chaincore.sync.message.Feature;
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
import org.chaincore.sync.message.GetParams;
import org.chaincore.sync.message.GetStatistics;
import org.chaincore.sync.message.Headers;
import org.chaincore.sync.message.Inventory;
import org.chaincore.sync.message.MempoolRequest;
import org.chaincore.sync.message.MerkleBlock;
import org.chaincore.sync.message.Message;
import org.chaincore.sync.message.NetworkConfig;
import org.chaincore.sync.message.NotFound;
import org.chaincore.sync.message.Params;
import org.chaincore.sync.message.Ping;
import org.chaincore.sync.message.Pong;
import org.chaincore.sync.message.ReconcileDifference;
import org.chaincore.sync.message.ReconcileRequest;
import org.chaincore.sync.message.SendAddressesV2;
import org.chaincore.sync.message.SendCompact;
import org.chaincore.sync.message.SendHeaders;
import org.chaincore.sync.message.SketchExtensionRequest;
import org.chaincore.sync.message.SketchMessage;
import org.chaincore.sync.message.StatisticsMessage;
import org.chaincore.sync.message.TransactionMessage;
import org.chaincore.sync.message.Verack;
import org.chaincore.sync.message.Version;
import org.chaincore.sync.message.WtxidRelay;
import org.chaincore.sync.settings.SettingsDocument;
import org.chaincore.sync.sketch.SketchPart;
import org.chaincore.sync.statistics.StatisticsRequest;
import org.chaincore.sync.statistics.StatisticsUpdate;
import org.jspecify.annotations.Nullable;

/** The table of all messages: a new one is a line here. Stateless. */
final class PayloadFormats {
  private static final List<PayloadFormat<?>> ALL =
      List.of(
          format(
              Version.class,
              Version.COMMAND,
              HandshakeFormats.MAX_VERSION_BYTES,
              HandshakeFormats::readVersion,
              HandshakeFormats::writeVersion),
          ofEmpty(new Verack()),
          format(
              Feature.class,
              Feature.COMMAND,
              HandshakeFormats.MAX_FEATURE_BYTES,
              HandshakeFormats::readFeature,
              HandshakeFormats::writeFeature),
          ofEmpty(new WtxidRelay()),
          ofEmpty(new SendAddressesV2()),
          ofEmpty(new SendHeaders()),
          ofEmpty(new GetParams()),
          format(
              Params.class,
              Params.COMMAND,
              Params.MAX_BYTES,
              HandshakeFormats::readParams,
              HandshakeFormats::writeParams),
          format(
              Ping.class,
              Ping.COMMAND,
              Long.BYTES,
              in -> new Ping(in.int64("ping nonce")),
              (ping, out) -> out.int64(ping.nonce())),
          format(
              Pong.class,
              Pong.COMMAND,
              Long.BYTES,
              in -> new Pong(in.int64("pong nonce")),
              (pong, out) -> out.int64(pong.nonce())),
          format(
              GetHeaders.class,
              GetHeaders.COMMAND,
              ChainFormats.MAX_LOCATOR_BYTES,
              ChainFormats::readGetHeaders,
              ChainFormats::writeGetHeaders),
          format(
              GetBlocks.class,
              GetBlocks.COMMAND,
              ChainFormats.MAX_LOCATOR_BYTES,
              ChainFormats::readGetBlocks,
              ChainFormats::writeGetBlocks),
          new PayloadFormat<>(
              Headers.class,
              Headers.COMMAND,
              ChainFormats.MAX_HEADERS_BYTES,
              ChainFormats::readHeaders,
              ChainFormats::writeHeaders),
          ofBlocks(
              BlockMessage.class,
              BlockMessage.COMMAND,
              ChainFormats::readBlock,
              ChainFormats::writeBlock),
          format(
              Inventory.class,
              Inventory.COMMAND,
              InventoryFormats.MAX_BYTES,
              in -> new Inventory(InventoryFormats.readItems(in)),
              (message, out) -> InventoryFormats.writeItems(message.items(), out)),
          format(
              GetData.class,
              GetData.COMMAND,
              InventoryFormats.MAX_BYTES,
              in -> new GetData(InventoryFormats.readItems(in)),
              (message, out) -> InventoryFormats.writeItems(message.items(), out)),
          format(
              NotFound.class,
              NotFound.COMMAND,
              InventoryFormats.MAX_BYTES,
              in -> new NotFound(InventoryFormats.readItems(in)),
              (message, out) -> InventoryFormats.writeItems(message.items(), out)),
          ofBlocks(
              TransactionMessage.class,
              TransactionMessage.COMMAND,
              InventoryFormats::readTransaction,
              InventoryFormats::writeTransaction),
          ofEmpty(new MempoolRequest()),
          format(
              FeeFilter.class,
              FeeFilter.COMMAND,
              Long.BYTES,
              in -> new FeeFilter(in.int64("fee filter")),
              (message, out) -> out.int64(message.unitsPerKilobyte())),
          ofEmpty(new GetAddresses()),
          format(
              Addresses.class,
              Addresses.COMMAND,
              AddressFormats.MAX_BYTES,
              AddressFormats::read,
              AddressFormats::write),
          format(
              AddressesV2.class,
              AddressesV2.COMMAND,
              AddressFormats.MAX_V2_BYTES,
              AddressFormats::readV2,
              AddressFormats::writeV2),
          format(
              SendCompact.class,
              SendCompact.COMMAND,
              CompactBlockFormats.OFFER_BYTES,
              CompactBlockFormats::readOffer,
              CompactBlockFormats::writeOffer),
          ofBlocks(
              CompactBlock.class,
              CompactBlock.COMMAND,
              CompactBlockFormats::readBlock,
              CompactBlockFormats::writeBlock),
          format(
              GetBlockTransactions.class,
              GetBlockTransactions.COMMAND,
              CompactBlockFormats.MAX_REQUEST_BYTES,
              CompactBlockFormats::readRequest,
              CompactBlockFormats::writeRequest),
          ofBlocks(
              BlockTransactions.class,
              BlockTransactions.COMMAND,
              CompactBlockFormats::readTransactions,
              CompactBlockFormats::writeTransactions),
          new PayloadFormat<>(
              MerkleBlock.class,
              MerkleBlock.COMMAND,
              FilterFormats.MAX_MERKLE_BLOCK_BYTES,
              FilterFormats::readMerkleBlock,
              FilterFormats::writeMerkleBlock),
          format(
              FilterLoad.class,
              FilterLoad.COMMAND,
              FilterFormats.MAX_LOAD_BYTES,
              FilterFormats::readLoad,
              FilterFormats::writeLoad),
          format(
              FilterAdd.class,
              FilterAdd.COMMAND,
              FilterFormats.MAX_ADD_BYTES,
              in -> new FilterAdd(in.varBytes("filter element")),
              (message, out) -> out.varBytes(message.element())),
          ofEmpty(new FilterClear()),
          format(
              ReconcileRequest.class,
              ReconcileRequest.COMMAND,
              ReconciliationFormats.REQUEST_BYTES,
              ReconciliationFormats::readRequest,
              ReconciliationFormats::writeRequest),
          format(
              SketchMessage.class,
              SketchMessage.COMMAND,
              ReconciliationFormats.MAX_SKETCH_BYTES,
              in -> new SketchMessage(in.varBytes("sketch")),
              (message, out) -> out.varBytes(message.data())),
          ofEmpty(new SketchExtensionRequest()),
          format(
              BisectionRequest.class,
              BisectionRequest.COMMAND,
              1,
              in -> new BisectionRequest(new SketchPart(in.uint8("part"))),
              (message, out) -> out.uint8(message.part().number())),
          format(
              ReconcileDifference.class,
              ReconcileDifference.COMMAND,
              ReconciliationFormats.MAX_DIFFERENCE_BYTES,
              ReconciliationFormats::readDifference,
              ReconciliationFormats::writeDifference),
          format(
              GetNetworkConfig.class,
              GetNetworkConfig.COMMAND,
              Long.BYTES,
              in -> new GetNetworkConfig(in.int64("settings version")),
              (message, out) -> out.int64(message.version())),
          format(
              NetworkConfig.class,
              NetworkConfig.COMMAND,
              SettingsDocument.MAX_BYTES,
              in -> new NetworkConfig(SettingsDocument.read(in)),
              (message, out) -> message.document().write(out)),
          format(
              GetStatistics.class,
              GetStatistics.COMMAND,
              StatisticsRequest.MAX_BYTES,
              in -> new GetStatistics(StatisticsRequest.read(in)),
              (message, out) -> message.request().write(out)),
          format(
              StatisticsMessage.class,
              StatisticsMessage.COMMAND,
              StatisticsUpdate.MAX_BYTES,
              in -> new StatisticsMessage(StatisticsUpdate.read(in)),
              (message, out) -> message.update().write(out)));

  private static final CommandTable BY_COMMAND = new CommandTable(ALL);

  private static final Map<Class<?>, PayloadFormat<?>> BY_TYPE =
      ALL.stream().collect(Collectors.toUnmodifiableMap(PayloadFormat::type, Function.identity()));

  private PayloadFormats() {}

  /** The format of what a frame's header names; null for an unknown command. */
  static @Nullable PayloadFormat<?> find(byte[] header) {
    return BY_COMMAND.find(header);
  }

  static void write(Message message, ByteWriter out) {
    Objects.requireNonNull(BY_TYPE.get(message.getClass()), message.command()).write(message, out);
  }
}
