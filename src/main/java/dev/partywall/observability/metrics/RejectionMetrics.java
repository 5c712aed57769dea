package dev.partywall.observability.metrics;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.http.Filter;
import dev.partywall.http.Handler;
import dev.partywall.http.Request;
import dev.partywall.http.Response;
import java.util.function.Consumer;

/**
 * A filter that counts rejected requests by reason. The reasons are constants of the code, which
 * bounds the number of series. It is inside the filter for problem details, because outside it the
 * reason of a 401 is gone.
 */
public final class RejectionMetrics implements Filter {
  private final Consumer<ApiError> count;

  private RejectionMetrics(Consumer<ApiError> count) {
    this.count = count;
  }

  /**
   * Counts the requests to the public port that are rejected as unauthenticated or forbidden. Adds
   * its series to {@code metrics}. Create one filter only: a name is registered once.
   */
  public static RejectionMetrics ofPublicPort(Metrics metrics) {
    var tokens =
        metrics.reasonCounter(
            "partywall_tokens_refused", "Requests with no token or an invalid one (401).");
    var requests =
        metrics.reasonCounter(
            "partywall_requests_forbidden", "Requests of callers without permission (403).");
    return new RejectionMetrics(error -> {
      switch (error) {
        case ApiError.Unauthenticated(var reason) -> tokens.increment(reason.code());
        case ApiError.Forbidden(var reason) -> requests.increment(reason.code());
        default -> {
          // The metrics of requests count the other errors by status.
        }
      }
    });
  }

  /**
   * Counts the requests that the management port rejects because of their host or their site. They
   * have no line in the access log and no audit entry, because the port has no users: the counter
   * is their only record. Adds its series to {@code metrics}. Create one filter only.
   */
  public static RejectionMetrics ofManagementPort(Metrics metrics) {
    var rejections =
        metrics.reasonCounter(
            "partywall_management_requests_rejected",
            "Requests to the management port for another host (421) or of another site (403).");
    return new RejectionMetrics(error -> {
      switch (error) {
        case ApiError.MisdirectedRequest() -> rejections.increment("misdirected");
        case ApiError.Forbidden(var reason) -> rejections.increment(reason.code());
        default -> {
          // The other errors reveal no attempt to reach the port from a page.
        }
      }
    });
  }

  @Override
  public Response filter(Request request, Handler next) {
    try {
      return next.handle(request);
    } catch (ApiException e) {
      count.accept(e.error());
      throw e;
    }
  }
}
