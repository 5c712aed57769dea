package dev.partywall.observability;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * Uniformly distributed numbers for trace, span and request ids, from one atomic addition and a few
 * multiplications (SplitMix64; Steele, Lea and Flood, 2014). Instances of the service use different
 * seeds. Not suitable for values that must be hard to guess.
 */
public final class RandomLongs implements LongSupplier {
  private final AtomicLong state;
  private final long step;

  /** Creates a sequence from two values of {@code seed}, which should be a high-quality source. */
  public RandomLongs(RandomGenerator seed) {
    state = new AtomicLong(seed.nextLong());
    // An odd step visits all 2^64 states before the sequence repeats.
    step = seed.nextLong() | 1;
  }

  @Override
  public long getAsLong() {
    var z = state.getAndAdd(step);
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
