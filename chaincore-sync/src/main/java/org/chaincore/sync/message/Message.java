package org.chaincore.sync.message;

/**
 * What one node says to another, without the frame that carries it. Every message is an immutable
 * record whose constructor refuses, with {@link IllegalArgumentException}, what the wire may not
 * carry; so a message that exists can be sent, and one that came from a peer is within all limits.
 * Whether it makes sense at this moment is for the protocol to judge.
 *
 * <p>A new message is a record here, its name in the list below, and a line in the codec's table.
 */
public sealed interface Message
    permits Version,
        Verack,
        Feature,
        WtxidRelay,
        SendAddressesV2,
        Ping,
        Pong,
        GetHeaders,
        Headers,
        GetBlocks,
        SendHeaders,
        BlockMessage,
        Inventory,
        GetData,
        NotFound,
        TransactionMessage,
        MempoolRequest,
        FeeFilter,
        GetAddresses,
        Addresses,
        AddressesV2,
        SendCompact,
        CompactBlock,
        GetBlockTransactions,
        BlockTransactions,
        MerkleBlock,
        FilterLoad,
        FilterAdd,
        FilterClear,
        GetParams,
        Params,
        ReconcileRequest,
        SketchMessage,
        SketchExtensionRequest,
        BisectionRequest,
        ReconcileDifference,
        GetNetworkConfig,
        NetworkConfig,
        GetStatistics,
        StatisticsMessage {

  /** Its name in the frame: 1 to 12 printable ASCII characters. */
  String command();
}
