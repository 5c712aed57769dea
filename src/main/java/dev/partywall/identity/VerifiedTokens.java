package dev.partywall.identity;

import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Tokens that have been verified, in two generations: when the young one is full it becomes the old
 * one, and the old one is dropped whole. What is asked for moves back to the young one. So memory
 * is bounded, and no request ever pays for a scan.
 */
final class VerifiedTokens {
  private final int capacity;
  private volatile Generations generations = new Generations(new ConcurrentHashMap<>());

  private record Generations(
      ConcurrentHashMap<Fingerprint, VerifiedToken> young,
      ConcurrentHashMap<Fingerprint, VerifiedToken> old) {
    Generations(ConcurrentHashMap<Fingerprint, VerifiedToken> old) {
      this(new ConcurrentHashMap<>(), old);
    }
  }

  /** Holds up to {@code capacity} tokens in each generation. */
  VerifiedTokens(int capacity) {
    this.capacity = capacity;
  }

  @Nullable VerifiedToken get(Fingerprint fingerprint) {
    var now = generations;
    var token = now.young.get(fingerprint);
    if (token == null) {
      token = now.old.get(fingerprint);
      if (token != null) {
        put(fingerprint, token);
      }
    }
    return token;
  }

  void put(Fingerprint fingerprint, VerifiedToken token) {
    if (generations.young.mappingCount() >= capacity) {
      age();
    }
    generations.young.put(fingerprint, token);
  }

  void remove(Fingerprint fingerprint) {
    var now = generations;
    now.young.remove(fingerprint);
    now.old.remove(fingerprint);
  }

  long size() {
    var now = generations;
    return now.young.mappingCount() + now.old.mappingCount();
  }

  private synchronized void age() {
    var now = generations;
    if (now.young.mappingCount() >= capacity) {
      generations = new Generations(now.young);
    }
  }
}
