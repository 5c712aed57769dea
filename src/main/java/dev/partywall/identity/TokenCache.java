package dev.partywall.identity;

import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A cache of verified tokens, in two generations. When the young generation is full, it becomes the
 * old one, and the previous old one is discarded. A hit moves a token to the young generation. This
 * bounds memory without scans.
 */
final class TokenCache {
  private final int capacity;
  private volatile Generations generations = new Generations(new ConcurrentHashMap<>());

  private record Generations(
      ConcurrentHashMap<Fingerprint, VerifiedToken> young,
      ConcurrentHashMap<Fingerprint, VerifiedToken> old) {
    Generations(ConcurrentHashMap<Fingerprint, VerifiedToken> old) {
      this(new ConcurrentHashMap<>(), old);
    }
  }

  /** Creates a cache with up to {@code capacity} tokens in each generation. */
  TokenCache(int capacity) {
    this.capacity = capacity;
  }

  @Nullable VerifiedToken get(Fingerprint fingerprint) {
    var current = generations;
    var token = current.young.get(fingerprint);
    if (token == null) {
      token = current.old.get(fingerprint);
      if (token != null) {
        put(fingerprint, token);
      }
    }
    return token;
  }

  void put(Fingerprint fingerprint, VerifiedToken token) {
    if (generations.young.mappingCount() >= capacity) {
      startGeneration();
    }
    generations.young.put(fingerprint, token);
  }

  void remove(Fingerprint fingerprint) {
    var current = generations;
    current.young.remove(fingerprint);
    current.old.remove(fingerprint);
  }

  long size() {
    var current = generations;
    return current.young.mappingCount() + current.old.mappingCount();
  }

  private synchronized void startGeneration() {
    var current = generations;
    if (current.young.mappingCount() >= capacity) {
      generations = new Generations(current.young);
    }
  }
}
