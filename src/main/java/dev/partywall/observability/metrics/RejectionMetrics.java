package dev.partywall.observability.metrics;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.http.Filter;
import dev.partywall.http.Handler;
import dev.partywall.http.Request;
import dev.partywall.http.Response;

/**
 * A filter that counts the requests that are rejected as unauthenticated or forbidden, by reason.
 * The reasons are constants of the code, which bounds the number of series. It is next to the audit
 * filter, because outside the filter for problem details the reason of a 401 is gone.
 */
public final class RejectionMetrics implements Filter {
  private final OutcomeCounter tokens;
  private final OutcomeCounter requests;

  /** Adds its series to {@code metrics}. Create one filter only: a name is registered once. */
  public RejectionMetrics(Metrics metrics) {
    tokens =
        metrics.reasonCounter(
            "partywall_tokens_refused", "Requests with no token or an invalid one (401).");
    requests =
        metrics.reasonCounter(
            "partywall_requests_forbidden", "Requests of callers without permission (403).");
  }

  @Override
  public Response filter(Request request, Handler next) {
    try {
      return next.handle(request);
    } catch (ApiException e) {
      count(e.error());
      throw e;
    }
  }

  private void count(ApiError error) {
    switch (error) {
      case ApiError.Unauthenticated(var reason) -> tokens.increment(reason.code());
      case ApiError.Forbidden(var reason) -> requests.increment(reason.code());
      default -> {
        // The metrics of requests count the other errors by status.
      }
    }
  }
}
