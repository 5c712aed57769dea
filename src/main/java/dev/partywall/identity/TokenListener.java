package dev.partywall.identity;

/**
 * Observes lookups in the token cache. Called on the request's thread, for each request with a
 * token. Implementations must be fast and must not throw.
 */
public interface TokenListener {
  /** The token was in the cache. */
  default void hit() {}

  /** The token was not in the cache. Called before its verification. */
  default void miss() {}
}
