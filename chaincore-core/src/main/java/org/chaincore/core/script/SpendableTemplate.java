package org.chaincore.core.script;

/** An output that the owner of a key may spend; what an {@link Address} stands for. */
public sealed interface SpendableTemplate extends OutputTemplate
    permits PayToPubkeyHash, PayToWitnessPubkeyHash, PayToTaproot {}
