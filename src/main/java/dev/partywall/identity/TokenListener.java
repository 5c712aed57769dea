package dev.partywall.identity;

/**
 * Is told how tokens were found. Called on the request's thread, for each request that bears one:
 * it must be quick, and must not throw.
 */
public interface TokenListener {
  /** Does not care. */
  TokenListener NONE = new TokenListener() {};

  /** The token had been verified before. */
  default void hit() {}

  /** The token has to be verified now; whether it holds is not known yet. */
  default void miss() {}
}
