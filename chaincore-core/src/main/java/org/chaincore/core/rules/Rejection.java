package org.chaincore.core.rules;

/**
 * Why something was refused. Immutable.
 *
 * @param code the rule
 * @param detail the values that broke it, for a person; it never repeats untrusted text
 */
public record Rejection(RejectionCode code, String detail) {
  public static Rejection of(RejectionCode code, String detail) {
    return new Rejection(code, detail);
  }

  /** The same, told with where it happened. */
  public Rejection in(String place) {
    return new Rejection(code, place + ": " + detail);
  }

  /** {@code code: detail}. */
  @Override
  public String toString() {
    return code.id() + ": " + detail;
  }
}
