package org.chaincore.net.http;

/** The contract where the store keeps the indexes. */
final class ApiContractOverStoreTest extends ApiContract {
  ApiContractOverStoreTest() {
    super(TestApi.overStoreIndexes());
  }
}
