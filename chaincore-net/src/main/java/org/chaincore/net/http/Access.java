package org.chaincore.net.http;

/** Who may call a route. */
enum Access {
  /** Anyone who can reach the address. */
  READ,
  /** Whoever has the token: it changes what the node does. */
  WRITE,
  /** Anyone: what is submitted is judged like what a peer sends. */
  SUBMIT
}
