package dev.partywall.tenancy.admission;

import dev.partywall.concurrent.TwoGenerationCache;
import dev.partywall.http.Response;
import dev.partywall.tenancy.Limits;
import dev.partywall.tenancy.Limits.Rate;
import dev.partywall.tenancy.QuotaStatus;
import java.util.ArrayList;

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
  private final TwoGenerationCache<PolicyKey, String> policies =
      new TwoGenerationCache<>(MAX_POLICIES);

  private record PolicyKey(Limits limits, long monthSeconds) {}

  /** Returns the response with the fields. */
  Response addTo(Response response, QuotaStatus status) {
    var policy = policy(status);
    if (policy.isEmpty()) {
      return response;
    }
    var limit = limit(status);
    var withPolicy = response.with("RateLimit-Policy", policy);
    return limit.isEmpty() ? withPolicy : withPolicy.with("RateLimit", limit);
  }

  private String policy(QuotaStatus status) {
    var key = new PolicyKey(status.limits(), status.monthSeconds());
    var known = policies.get(key);
    if (known != null) {
      return known;
    }
    var policy = policy(key);
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

  private static String limit(QuotaStatus status) {
    var text = new StringBuilder(64);
    if (status.limits().rate().isPresent()) {
      var seconds = Math.ceilDiv(status.nanosToNext(), NANOS_PER_SECOND);
      append(text, BURST, status.remaining(), seconds);
    }
    if (status.monthRemaining().isPresent()) {
      append(text, MONTH, status.monthRemaining().getAsLong(), status.monthSecondsLeft());
    }
    return text.toString();
  }

  private static void append(StringBuilder text, String name, long remaining, long seconds) {
    text.append(text.isEmpty() ? "" : ", ").append('"').append(name).append("\";r=");
    text.append(remaining).append(";t=").append(seconds);
  }

  private static String item(String name) {
    return '"' + name + '"';
  }
}
