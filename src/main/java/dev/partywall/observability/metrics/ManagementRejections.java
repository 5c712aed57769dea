package dev.partywall.observability.metrics;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.http.Filter;
import dev.partywall.http.Handler;
import dev.partywall.http.Request;
import dev.partywall.http.Response;

/**
 * A filter that counts the requests that the management port rejects because of their host or their
 * site, by reason. These requests have no line in the access log and no audit entry, because the
 * port has no users: the counter is their only record.
 */
public final class ManagementRejections implements Filter {
  private final OutcomeCounter rejections;

  /** Adds its series to {@code metrics}. Create one filter only: a name is registered once. */
  public ManagementRejections(Metrics metrics) {
    rejections =
        metrics.reasonCounter(
            "partywall_management_requests_rejected",
            "Requests to the management port for another host (421) or of another site (403).");
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
      case ApiError.MisdirectedRequest() -> rejections.increment("misdirected");
      case ApiError.Forbidden(var reason) -> rejections.increment(reason.code());
      default -> {
        // The other errors reveal no attempt to reach the port from a page.
      }
    }
  }
}
