import org.chaincore.core.store.ChainStoreProvider;
import org.chaincore.store.rocks.RocksChainStoreProvider;

/**
 * The durable chain store, on RocksDB. A host needs not name it: the provider is found by {@link
 * java.util.ServiceLoader}.
 */
@org.jspecify.annotations.NullMarked
module org.chaincore.store {
  requires transitive org.chaincore.core;
  requires static org.jspecify;
  requires org.slf4j;
  requires rocksdbjni;

  exports org.chaincore.store.rocks;

  provides ChainStoreProvider with
      RocksChainStoreProvider;
}
