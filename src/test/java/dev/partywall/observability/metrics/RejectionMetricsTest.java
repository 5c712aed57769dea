package dev.partywall.observability.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.error.TokenRejection;
import dev.partywall.http.Body;
import dev.partywall.http.Headers;
import dev.partywall.http.Request;
import dev.partywall.http.RequestTarget;
import dev.partywall.http.Response;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class RejectionMetricsTest {
  private static final Request REQUEST =
      Request.of("GET", RequestTarget.ROOT, Headers.NONE, Body.NONE);

  private final Metrics metrics = new Metrics(Metrics.MAX_NAMED_TENANTS);
  private final RejectionMetrics filter = RejectionMetrics.ofPublicPort(metrics);

  @Test
  void countsARequestWithoutAValidTokenByReason() {
    reject(new ApiError.Unauthenticated(TokenRejection.EXPIRED));
    reject(new ApiError.Unauthenticated(TokenRejection.EXPIRED));
    reject(new ApiError.Unauthenticated(TokenRejection.NO_BEARER));
    assertEquals(
        Set.of(
            "partywall_tokens_refused_total{reason=\"expired\"} 2.0",
            "partywall_tokens_refused_total{reason=\"no-bearer\"} 1.0"),
        series());
  }

  @Test
  void countsAForbiddenRequestByReason() {
    reject(new ApiError.Forbidden(ApiError.Forbidden.Reason.INSUFFICIENT_SCOPE));
    reject(new ApiError.Forbidden(ApiError.Forbidden.Reason.TENANT_MISMATCH));
    reject(new ApiError.Forbidden(ApiError.Forbidden.Reason.TENANT_MISMATCH));
    assertEquals(
        Set.of(
            "partywall_requests_forbidden_total{reason=\"insufficient-scope\"} 1.0",
            "partywall_requests_forbidden_total{reason=\"tenant-mismatch\"} 2.0"),
        series());
  }

  @Test
  void countsNoOtherRequest() {
    reject(new ApiError.NotFound());
    assertEquals(204, filter.filter(REQUEST, _ -> Response.of(204)).status());
    assertEquals(Set.of(), series());
  }

  /** The filters outside this one write the response. */
  private void reject(ApiError error) {
    var rejection = new ApiException(error);
    var thrown =
        assertThrows(
            ApiException.class,
            () ->
                filter.filter(
                    REQUEST,
                    _ -> {
                      throw rejection;
                    }));
    assertEquals(rejection, thrown);
  }

  /** Returns the lines of the metrics page, without comments. */
  private Set<String> series() {
    var page = new String(metrics.route().handler().handle(REQUEST).body(), StandardCharsets.UTF_8);
    return page.lines()
        .filter(line -> line.matches("partywall_(tokens_refused|requests_forbidden)_total.*"))
        .collect(Collectors.toSet());
  }
}
