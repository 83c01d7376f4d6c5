package org.chaincore.net.bitcoinj;

import org.bitcoinj.base.Coin;
import org.bitcoinj.base.Monetary;
import org.bitcoinj.base.Network;
import org.chaincore.core.config.ChainParams;
import org.chaincore.core.value.Amount;

/**
 * What bitcoinj wants to know of a network for its addresses and amounts. Immutable.
 *
 * @param params the network as the nodes know it
 */
record ChainCoreNetwork(ChainParams params) implements Network {
  @Override
  public String id() {
    return "org.chaincore." + params.name();
  }

  @Override
  public int legacyAddressHeader() {
    return params.addresses().pubkeyHashVersion();
  }

  @Override
  public int legacyP2SHHeader() {
    return params.addresses().scriptHashVersion();
  }

  @Override
  public String segwitAddressHrp() {
    return params.addresses().segwitPrefix();
  }

  @Override
  public String uriScheme() {
    return params.name();
  }

  @Override
  public boolean hasMaxMoney() {
    return true;
  }

  @Override
  public Monetary maxMoney() {
    return Coin.valueOf(Amount.MAX_UNITS);
  }

  @Override
  public boolean exceedsMaxMoney(Monetary monetary) {
    return monetary.getValue() > Amount.MAX_UNITS;
  }
}
