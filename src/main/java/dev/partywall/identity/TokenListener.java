package dev.partywall.identity;

/**
 * Observes lookups in the token cache. Called on the request's thread. Implementations must be fast
 * and must not throw.
 */
public interface TokenListener {
  /** The token was in the cache and still valid. */
  default void hit() {}

  /** The token was not in the cache, or no longer valid. Called before its verification. */
  default void miss() {}
}
