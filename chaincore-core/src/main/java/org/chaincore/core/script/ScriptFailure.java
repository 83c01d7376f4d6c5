package org.chaincore.core.script;

/**
 * Why an input may not spend its output.
 *
 * @param input number of the input
 * @param code the rule it breaks
 * @param detail what exactly, for people
 */
public record ScriptFailure(int input, Code code, String detail) {
  /** The rules of a spend. */
  public enum Code {
    /** The spent output is no spendable template. */
    NOT_SPENDABLE,
    /** The scriptSig is not what the template takes: two minimal pushes, or nothing. */
    SCRIPT_SIG,
    /** The witness does not have the elements that the template takes. */
    WITNESS,
    /** The witness of a taproot spend has an annex, which has no meaning yet. */
    ANNEX,
    /** A taproot spend by a script, which is not supported. */
    SCRIPT_PATH,
    /** Not the encoding of a public key, or not the compressed one that a witness must have. */
    PUBLIC_KEY,
    /** The public key is not the one that the output names. */
    KEY_HASH,
    /** Not strict DER (BIP66), or for Schnorr not 64 or 65 bytes. */
    SIGNATURE_ENCODING,
    /** A hash type that is not defined, or one that has nothing to sign. */
    HASH_TYPE,
    /** An s above half the order (BIP146). */
    HIGH_S,
    /** The signature is not by this key over this transaction. */
    SIGNATURE
  }

  @Override
  public String toString() {
    return "input " + input + ": " + code + ": " + detail;
  }
}
