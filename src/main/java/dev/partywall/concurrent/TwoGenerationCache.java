package dev.partywall.concurrent;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A bounded cache in two generations. A new entry goes to the young generation. When that is full,
 * it becomes the old generation, and the former old generation is dropped. An entry that is read
 * moves back to the young generation, so entries in use survive. Memory is bounded, no read scans,
 * and a hit in the young generation takes no lock and writes nothing.
 */
public final class TwoGenerationCache<K, V> {
  private record Generations<K, V>(ConcurrentHashMap<K, V> young, ConcurrentHashMap<K, V> old) {}

  private final int maxYoung;
  private final AtomicReference<Generations<K, V>> generations =
      new AtomicReference<>(
          new Generations<>(new ConcurrentHashMap<>(), new ConcurrentHashMap<>()));

  /**
   * Creates an empty cache.
   *
   * @param maxEntries the size of both generations together; half of it is never dropped
   */
  public TwoGenerationCache(int maxEntries) {
    if (maxEntries < 2) {
      throw new IllegalArgumentException("two generations need at least two entries");
    }
    this.maxYoung = maxEntries / 2;
  }

  /** Returns the value of a key, and keeps it in the young generation. */
  public @Nullable V get(K key) {
    var current = generations.get();
    var value = current.young().get(key);
    return value != null || !current.old().containsKey(key)
        ? value
        : compute(key, existing -> existing);
  }

  /** Returns the value of a key if it is in the young generation. Changes nothing. */
  public @Nullable V young(K key) {
    return generations.get().young().get(key);
  }

  /** Stores a value in the young generation. */
  public void put(K key, V value) {
    var _ = compute(key, _ -> value);
  }

  /**
   * Atomically replaces the value of a key in the young generation.
   *
   * @param function receives the current value of either generation, or null. If it returns null,
   *     the key is removed from the young generation
   */
  public @Nullable V compute(K key, UnaryOperator<@Nullable V> function) {
    var current = generations.get();
    var value =
        current
            .young()
            .compute(
                key, (_, young) -> function.apply(young == null ? current.old().get(key) : young));
    if (current.young().size() >= maxYoung) {
      generations.compareAndSet(
          current, new Generations<>(new ConcurrentHashMap<>(), current.young()));
    }
    return value;
  }

  /** Removes a key from both generations, and returns its value. */
  public @Nullable V remove(K key) {
    var current = generations.get();
    var old = current.old().remove(key);
    var young = current.young().remove(key);
    return young == null ? old : young;
  }
}
