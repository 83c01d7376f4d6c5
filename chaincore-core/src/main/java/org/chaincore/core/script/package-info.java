/**
 * Who may spend an output and how that is proved: output templates, addresses, keys, signature
 * hashes and signatures. Start at {@link org.chaincore.core.script.OutputTemplate} for what an
 * output says, at {@link org.chaincore.core.script.InputVerifier} for how a spend is judged and at
 * {@link org.chaincore.core.script.TransactionSigner} for how one is made.
 */
package org.chaincore.core.script;
