package dev.partywall.registry;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The items of the other instances, and the time at which this instance first read each nonce. Only
 * this instance's monotonic clock measures the time since a change.
 */
final class ObservedInstances {
  private static final long MAX_SILENCE_NANOS = Duration.ofSeconds(10).toNanos();
  private static final long RETENTION_NANOS = Duration.ofHours(24).toNanos();

  /**
   * The credentials of a tenant end after an hour, and an instance without the registry gets no new
   * ones. An instance that was silent for longer cannot write. The rest is a margin.
   */
  private static final long MAX_CREDENTIAL_NANOS = Duration.ofMinutes(75).toNanos();

  private final Map<String, Observation> observations = new HashMap<>();

  private record Observation(InstanceItem item, long readAt) {}

  /** Records the items of all other instances. */
  synchronized void record(List<InstanceItem> others, long now) {
    observations.keySet().retainAll(others.stream().map(InstanceItem::id).toList());
    others.forEach(item ->
        observations.merge(item.id(), new Observation(item, now), ObservedInstances::later));
  }

  private static Observation later(Observation before, Observation after) {
    return before.item().nonce().equals(after.item().nonce()) ? before : after;
  }

  /** Returns the instances whose nonce has changed in the last 10 s. */
  synchronized List<InstanceItem> live(long now) {
    return select(observation -> now - observation.readAt() <= MAX_SILENCE_NANOS).toList();
  }

  /** Returns the instances that were silent for 24 h: they have ended without deleting the item. */
  synchronized List<InstanceItem> forgotten(long now) {
    return select(observation -> now - observation.readAt() > RETENTION_NANOS).toList();
  }

  /** Returns the ids of the instances that may still work without knowing a change. */
  synchronized List<String> notKnowing(long sequence, long now) {
    return select(observation -> now - observation.readAt() <= MAX_CREDENTIAL_NANOS)
        .filter(item -> item.applied() < sequence)
        .map(InstanceItem::id)
        .sorted()
        .toList();
  }

  private Stream<InstanceItem> select(Predicate<Observation> condition) {
    return observations.values().stream().filter(condition).map(Observation::item);
  }
}
