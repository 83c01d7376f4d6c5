package org.chaincore.sync.protocol;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.chaincore.core.value.Bytes;
import org.chaincore.sync.peer.Services;
import org.jspecify.annotations.Nullable;

/**
 * What a peer said of itself in the handshake. Fixed from then on.
 *
 * @param version the lower of both protocol versions
 * @param services what it offers
 * @param userAgent its software, as it says
 * @param startHeight the height of its chain when it connected, as it says
 * @param options what it wants and can do
 */
record PeerFacts(int version, long services, String userAgent, int startHeight, Options options) {
  /**
   * What a peer wants and can do.
   *
   * @param wantsTransactions whether transactions are to be announced to it
   * @param namesByWtxid whether transactions are announced by wtxid, on both sides (BIP339)
   * @param takesAddressesV2 whether it wants addrv2 (BIP155)
   * @param extensions the extensions that both sides have, and the data that the peer sent with
   *     each
   * @param salts of the short ids of {@link Extension#MEMPOOL_SYNC}; null without it
   */
  record Options(
      boolean wantsTransactions,
      boolean namesByWtxid,
      boolean takesAddressesV2,
      SortedMap<Extension, Bytes> extensions,
      @Nullable ReconciliationSalts salts) {
    Options {
      extensions = Collections.unmodifiableSortedMap(new TreeMap<>(extensions));
    }
  }

  boolean has(Extension extension) {
    return options.extensions.containsKey(extension);
  }

  Map<Extension, Bytes> extensions() {
    return options.extensions;
  }

  /** The salts of this connection, absent without {@link Extension#MEMPOOL_SYNC}. */
  Optional<ReconciliationSalts> salts() {
    return Optional.ofNullable(options.salts);
  }

  /** Whether it serves blocks, maybe the last ones only. */
  boolean servesBlocks() {
    return servesAllBlocks() || Services.hasAll(services, Services.NETWORK_LIMITED);
  }

  boolean servesAllBlocks() {
    return Services.hasAll(services, Services.NETWORK);
  }

  boolean servesWitness() {
    return Services.hasAll(services, Services.WITNESS);
  }
}
