package dev.partywall.isolation;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A bounded map of what was used lately, in two generations. Whatever is asked for moves to the
 * young one; when that is full it becomes the old one, and what nobody asked for meanwhile is
 * dropped. So a look-up of what is in use takes no lock and writes nothing.
 */
final class Generations<K, V> {
  private record Pair<K, V>(ConcurrentHashMap<K, V> young, ConcurrentHashMap<K, V> old) {}

  private final int mostYoung;
  private final AtomicReference<Pair<K, V>> pair =
      new AtomicReference<>(new Pair<>(new ConcurrentHashMap<>(), new ConcurrentHashMap<>()));

  /** Of about so many values at most. */
  Generations(int most) {
    if (most < 2) {
      throw new IllegalArgumentException("two generations of at least one each");
    }
    this.mostYoung = most / 2;
  }

  /** The value, where it is among the young ones. */
  @Nullable V young(K key) {
    return pair.get().young().get(key);
  }

  /** Puts what {@code choice} makes of the value, if there is one, among the young. */
  V admit(K key, UnaryOperator<@Nullable V> choice) {
    var now = pair.get();
    var value =
        now.young()
            .compute(key, (_, young) -> choice.apply(young == null ? now.old().get(key) : young));
    if (now.young().size() > mostYoung) {
      pair.compareAndSet(now, new Pair<>(new ConcurrentHashMap<>(), now.young()));
    }
    return value;
  }

  /** The value that was there, which is not any more. */
  @Nullable V remove(K key) {
    var now = pair.get();
    var old = now.old().remove(key);
    var young = now.young().remove(key);
    return young == null ? old : young;
  }

  int size() {
    var now = pair.get();
    return now.young().size() + now.old().size();
  }
}
