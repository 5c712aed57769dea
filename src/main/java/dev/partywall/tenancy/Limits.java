package dev.partywall.tenancy;

import dev.partywall.tenancy.Overrides.Limit;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The limits of a tenant. An empty value means no limit.
 *
 * @param weight the tenant's share under contention, from 1 to 100
 * @param rate the rate of requests
 * @param inFlight the maximum number of concurrent requests
 * @param monthlyRequests the maximum number of requests in a month (UTC)
 */
public record Limits(
    int weight, Optional<Rate> rate, OptionalLong inFlight, OptionalLong monthlyRequests) {
  /** No limits, with the lowest weight. */
  public static final Limits NONE =
      new Limits(1, Optional.empty(), OptionalLong.empty(), OptionalLong.empty());

  /**
   * A rate of requests.
   *
   * @param requestsPerSecond the sustained rate, at least 1
   * @param burst the number of requests that an idle tenant can send at once, at least 1
   */
  public record Rate(long requestsPerSecond, long burst) {}

  /**
   * Creates limits from their values by name. A missing weight is 1.
   *
   * @throws IllegalArgumentException if only one of {@code requestsPerSecond} and {@code burst} is
   *     present
   */
  public static Limits of(Map<Limit, Long> values) {
    var perSecond = values.get(Limit.REQUESTS_PER_SECOND);
    var burst = values.get(Limit.BURST);
    if ((perSecond == null) != (burst == null)) {
      throw new IllegalArgumentException("requestsPerSecond and burst must be set together");
    }
    return new Limits(
        values.getOrDefault(Limit.WEIGHT, 1L).intValue(),
        perSecond == null || burst == null
            ? Optional.empty()
            : Optional.of(new Rate(perSecond, burst)),
        optional(values.get(Limit.IN_FLIGHT)),
        optional(values.get(Limit.MONTHLY_REQUESTS)));
  }

  /**
   * Returns these limits with the overrides of a tenant. A burst without a rate has no effect. A
   * rate without a burst permits a burst of one second. So a later change of the tier cannot make
   * overrides invalid.
   */
  public Limits with(Overrides overrides) {
    if (overrides.limits().isEmpty()) {
      return this;
    }
    var values = values();
    overrides
        .limits()
        .forEach((limit, value) -> {
          if (value.isPresent()) {
            values.put(limit, value.getAsLong());
          } else {
            values.remove(limit);
          }
        });
    completeRate(values);
    return of(values);
  }

  private static void completeRate(Map<Limit, Long> values) {
    var perSecond = values.get(Limit.REQUESTS_PER_SECOND);
    if (perSecond == null) {
      values.remove(Limit.BURST);
    } else {
      values.putIfAbsent(Limit.BURST, perSecond);
    }
  }

  /** Returns the values by name, without those that are unlimited. */
  public Map<Limit, Long> values() {
    var values = new EnumMap<Limit, Long>(Limit.class);
    values.put(Limit.WEIGHT, (long) weight);
    rate.ifPresent(limit -> {
      values.put(Limit.REQUESTS_PER_SECOND, limit.requestsPerSecond());
      values.put(Limit.BURST, limit.burst());
    });
    inFlight.ifPresent(value -> values.put(Limit.IN_FLIGHT, value));
    monthlyRequests.ifPresent(value -> values.put(Limit.MONTHLY_REQUESTS, value));
    return values;
  }

  private static OptionalLong optional(@Nullable Long value) {
    return value == null ? OptionalLong.empty() : OptionalLong.of(value);
  }
}
