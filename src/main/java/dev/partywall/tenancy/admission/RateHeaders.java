package dev.partywall.tenancy.admission;

import dev.partywall.http.Filter;
import dev.partywall.http.Handler;
import dev.partywall.http.Request;
import dev.partywall.http.Response;
import dev.partywall.tenancy.Execution;
import dev.partywall.tenancy.Identity.TenantUser;
import dev.partywall.tenancy.QuotaStatus;
import java.util.Optional;

/**
 * A filter that adds the fields {@code RateLimit-Policy} and {@code RateLimit} to every response to
 * a user of a tenant, rejections included. It must be outside the filter that turns errors into
 * responses.
 *
 * <p>A response has no fields if its tenant was never recorded: the caller may be a user of no
 * tenant, and the quotas of a tenant are confidential to other callers.
 */
public final class RateHeaders implements Filter {
  private final TenantLimiter limiter;
  private final RateLimitFields fields = new RateLimitFields();

  /** Creates a filter that reports the quotas of {@code limiter}. */
  public RateHeaders(TenantLimiter limiter) {
    this.limiter = limiter;
  }

  @Override
  public Response filter(Request request, Handler next) {
    var response = next.handle(request);
    return Execution.current()
        .flatMap(this::status)
        .map(status -> fields.addTo(response, status))
        .orElse(response);
  }

  /** A request that was rejected before its admission has consumed nothing. */
  private Optional<QuotaStatus> status(Execution execution) {
    return execution.quota().or(() -> withoutRequest(execution));
  }

  private Optional<QuotaStatus> withoutRequest(Execution execution) {
    return execution.identity().filter(TenantUser.class::isInstance).isPresent()
        ? execution.tenant().map(limiter::status)
        : Optional.empty();
  }
}
