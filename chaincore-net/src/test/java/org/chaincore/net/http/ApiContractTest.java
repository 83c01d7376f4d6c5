package org.chaincore.net.http;

/** The contract where the index of addresses lies on the heap. */
final class ApiContractTest extends ApiContract {
  ApiContractTest() {
    super(TestApi.begin());
  }
}
