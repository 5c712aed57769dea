package dev.partywall.concurrent;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A bounded cache in two generations. A new entry goes to the young generation. When that is full,
 * it becomes the old generation, and the former old generation is dropped. An entry that is read
 * moves back to the young generation, so entries in use survive. Memory is bounded, no read scans,
 * and a hit in the young generation takes no lock and writes nothing.
 *
 * <p>An entry that {@link #get} does not find is gone until its key is stored again: a move to the
 * young generation that runs at the same time cannot bring it back. Each move checks, while it
 * locks the key, that its generation is still the young one. A get waits for the lock of a move to
 * the generation that is the old one meanwhile.
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
    if (value != null || isAbsent(key, current.old())) {
      return value;
    }
    return compute(key, existing -> existing);
  }

  /** Returns whether the key is absent, after the end of a move that locks it. */
  private static <K, V> boolean isAbsent(K key, ConcurrentHashMap<K, V> generation) {
    return generation.computeIfPresent(key, (_, value) -> value) == null;
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
  @SuppressWarnings("ReferenceEquality") // a generation is the object, not its content
  public @Nullable V compute(K key, UnaryOperator<@Nullable V> function) {
    while (true) {
      var current = generations.get();
      var isApplied = new AtomicBoolean();
      var value =
          current
              .young()
              .compute(
                  key,
                  (_, young) -> {
                    // The generation can become the old one before this thread locks the key.
                    if (generations.get() != current) {
                      return young;
                    }
                    isApplied.setPlain(true);
                    return function.apply(young == null ? current.old().get(key) : young);
                  });
      if (isApplied.getPlain()) {
        startGenerationIfFull(current);
        return value;
      }
    }
  }

  private void startGenerationIfFull(Generations<K, V> current) {
    if (current.young().size() >= maxYoung) {
      generations.compareAndSet(
          current, new Generations<>(new ConcurrentHashMap<>(), current.young()));
    }
  }

  /** Removes a key from both generations, and returns its value. */
  public @Nullable V remove(K key) {
    var current = generations.get();
    var old = current.old().remove(key);
    var young = current.young().remove(key);
    return young == null ? old : young;
  }
}
