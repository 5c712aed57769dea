package dev.partywall.isolation;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A bounded map of recently used values, in two generations. A used value moves to the young
 * generation. A full young generation becomes the old one, and the values of the previous old
 * generation are dropped. A lookup of a value in use therefore takes no lock and writes nothing.
 */
final class TwoGenerationCache<K, V> {
  private record GenerationPair<K, V>(ConcurrentHashMap<K, V> young, ConcurrentHashMap<K, V> old) {}

  private final int maxYoung;
  private final AtomicReference<GenerationPair<K, V>> generations =
      new AtomicReference<>(
          new GenerationPair<>(new ConcurrentHashMap<>(), new ConcurrentHashMap<>()));

  /** Creates a map of about {@code maxSize} values. */
  TwoGenerationCache(int maxSize) {
    if (maxSize < 2) {
      throw new IllegalArgumentException("the maximum size must be at least 2");
    }
    this.maxYoung = maxSize / 2;
  }

  /** Returns the value if it is in the young generation. */
  @Nullable V young(K key) {
    return generations.get().young().get(key);
  }

  /**
   * Puts a value into the young generation.
   *
   * @param update computes it from the present value, or from null
   */
  V admit(K key, UnaryOperator<@Nullable V> update) {
    var current = generations.get();
    var value =
        current
            .young()
            .compute(
                key, (_, young) -> update.apply(young == null ? current.old().get(key) : young));
    if (current.young().size() > maxYoung) {
      generations.compareAndSet(
          current, new GenerationPair<>(new ConcurrentHashMap<>(), current.young()));
    }
    return value;
  }

  /** Removes and returns the value. */
  @Nullable V remove(K key) {
    var current = generations.get();
    var old = current.old().remove(key);
    var young = current.young().remove(key);
    return young == null ? old : young;
  }

  int size() {
    var current = generations.get();
    return current.young().size() + current.old().size();
  }
}
