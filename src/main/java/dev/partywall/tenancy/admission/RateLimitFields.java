package dev.partywall.tenancy.admission;

import dev.partywall.concurrent.TwoGenerationCache;
import dev.partywall.http.Headers.Field;
import dev.partywall.http.Response;
import dev.partywall.tenancy.Limits;
import dev.partywall.tenancy.Limits.Rate;
import dev.partywall.tenancy.QuotaStatus;
import java.util.ArrayList;
import java.util.List;

/**
 * The fields {@code RateLimit-Policy} and {@code RateLimit} of
 * draft-ietf-httpapi-ratelimit-headers-11: lists of structured fields (RFC 9651). A limit that a
 * tenant does not have is absent, and so is an empty field.
 */
final class RateLimitFields {
  /** The name of the rate's policy. */
  static final String BURST = "burst";

  /** The name of the month's policy. */
  static final String MONTH = "month";

  /** The name of the policy for requests in flight. It has no entry in {@code RateLimit}. */
  static final String IN_FLIGHT = "in-flight";

  private static final int MAX_POLICIES = 1_000;
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  /** Almost all tenants have the limits of one of a few tiers. */
  private final TwoGenerationCache<PolicyKey, Field> policies =
      new TwoGenerationCache<>(MAX_POLICIES);

  private record PolicyKey(Limits limits, long monthSeconds) {}

  /** Returns the response with the fields. */
  Response addTo(Response response, QuotaStatus status) {
    var policy = policy(status);
    if (policy.value().isEmpty()) {
      return response;
    }
    var limit = limit(status);
    return response.withAll(
        limit.isEmpty() ? List.of(policy) : List.of(policy, new Field("RateLimit", limit)));
  }

  private Field policy(QuotaStatus status) {
    var key = new PolicyKey(status.limits(), status.monthSeconds());
    var known = policies.get(key);
    if (known != null) {
      return known;
    }
    var policy = new Field("RateLimit-Policy", policy(key));
    policies.put(key, policy);
    return policy;
  }

  private static String policy(PolicyKey key) {
    var items = new ArrayList<String>();
    var limits = key.limits();
    limits.rate().ifPresent(rate -> items.add(policy(rate)));
    limits
        .monthlyRequests()
        .ifPresent(max -> items.add(item(MONTH) + ";q=" + max + ";w=" + key.monthSeconds()));
    limits
        .inFlight()
        .ifPresent(max -> items.add(item(IN_FLIGHT) + ";q=" + max + ";qu=\"concurrent-requests\""));
    return String.join(", ", items);
  }

  private static String policy(Rate rate) {
    var window = Math.ceilDiv(rate.burst(), rate.requestsPerSecond());
    return item(BURST) + ";q=" + rate.burst() + ";w=" + window;
  }

  /** Each case is one concatenation, because every response contains this field. */
  private static String limit(QuotaStatus status) {
    var seconds = Math.ceilDiv(status.nanosToNext(), NANOS_PER_SECOND);
    if (status.monthRemaining().isEmpty()) {
      return status.limits().rate().isEmpty()
          ? ""
          : "\"burst\";r=" + status.remaining() + ";t=" + seconds;
    }
    var left = status.monthRemaining().getAsLong();
    var monthSeconds = status.monthSecondsLeft();
    return status.limits().rate().isEmpty()
        ? "\"month\";r=" + left + ";t=" + monthSeconds
        : "\"burst\";r="
            + status.remaining()
            + ";t="
            + seconds
            + ", \"month\";r="
            + left
            + ";t="
            + monthSeconds;
  }

  private static String item(String name) {
    return '"' + name + '"';
  }
}
