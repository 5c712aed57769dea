package dev.partywall.tenancy.admission;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.http.Filter;
import dev.partywall.http.Handler;
import dev.partywall.http.Request;
import dev.partywall.http.Response;
import dev.partywall.tenancy.Execution;
import dev.partywall.tenancy.Identity.Operator;
import dev.partywall.tenancy.Identity.TenantUser;
import dev.partywall.tenancy.Limits;
import dev.partywall.tenancy.Limits.Rate;
import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantContext;
import dev.partywall.tenancy.admission.TenantAdmission.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * A filter that admits requests within the limits of their tenant. Its position is inside the
 * binding of the tenant and outside the meters, so a rejected request counts toward no meter.
 *
 * <p>Operators share limits of their own, on which no tenant has an effect: a user of a tenant on
 * an operator's route takes nothing from them but from the tenant, and is rejected by the
 * authorization. Open routes have no limits.
 */
public final class Admit implements Filter {
  private static final Rate OPERATOR_RATE = new Rate(50, 100);
  private static final Limits OPERATOR_LIMITS =
      new Limits(1, Optional.of(OPERATOR_RATE), OptionalLong.of(10), OptionalLong.empty());

  /** The end of the requests in flight cannot be predicted. */
  private static final Duration IN_FLIGHT_RETRY = Duration.ofSeconds(1);

  /** The violated policies of each rejection. */
  private static final List<String> BURST = List.of(RateLimitFields.BURST);

  private static final List<String> IN_FLIGHT = List.of(RateLimitFields.IN_FLIGHT);
  private static final List<String> MONTH = List.of(RateLimitFields.MONTH);

  private final TenantLimiter limiter;
  private final LongSupplier nanoTime;
  private final TenantAdmission operators;

  /**
   * Creates a filter for the limits of {@code limiter}.
   *
   * @param nanoTime a monotonic clock in nanoseconds, for the limits of the operators
   */
  public Admit(TenantLimiter limiter, LongSupplier nanoTime) {
    this.limiter = limiter;
    this.nanoTime = nanoTime;
    this.operators = new TenantAdmission(OPERATOR_LIMITS, nanoTime.getAsLong());
  }

  /**
   * Calls {@code next} if the limits permit the request.
   *
   * @throws ApiException as {@link ApiError.OverQuota} if a limit is reached
   */
  @Override
  public Response filter(Request request, Handler next) {
    if (request.match().isOpen()) {
      return next.handle(request);
    }
    var tenant = tenant();
    if (tenant.isPresent()) {
      return filterTenant(tenant.get(), request, next);
    }
    return Execution.currentIdentity().filter(Operator.class::isInstance).isPresent()
        ? filterOperator(request, next)
        : next.handle(request);
  }

  /** Returns the bound tenant; on an operator's route, the tenant of a user, which is recorded. */
  private static Optional<Tenant> tenant() {
    return TenantContext.isBound()
        ? Optional.of(TenantContext.current())
        : Execution.current()
            .filter(
                execution -> execution.identity().filter(TenantUser.class::isInstance).isPresent())
            .flatMap(Execution::tenant);
  }

  private Response filterTenant(Tenant tenant, Request request, Handler next) {
    var decision = limiter.admit(tenant);
    var status = decision.status();
    Execution.current().ifPresent(execution -> execution.setQuota(status));
    require(decision.outcome(), status.nanosToNext(), status.monthSecondsLeft());
    return call(decision.tenant(), request, next);
  }

  private Response filterOperator(Request request, Handler next) {
    var now = nanoTime.getAsLong();
    var outcome = operators.admit(1, false, now);
    require(outcome, RateLimiter.of(OPERATOR_RATE, 1).nanosToNext(operators.fullAt(), now), 0);
    return call(operators, request, next);
  }

  private static void require(Outcome outcome, long nanosToNext, long monthSecondsLeft) {
    switch (outcome) {
      case ADMITTED -> {}
      case OVER_RATE -> reject(BURST, Duration.ofNanos(nanosToNext));
      case OVER_IN_FLIGHT -> reject(IN_FLIGHT, IN_FLIGHT_RETRY);
      case OVER_MONTH -> reject(MONTH, Duration.ofSeconds(monthSecondsLeft));
      case DROPPED -> throw new IllegalStateException("the state of the caller was dropped");
    }
  }

  private static void reject(List<String> policies, Duration retryAfter) {
    throw new ApiException(new ApiError.OverQuota(policies, retryAfter));
  }

  private static Response call(TenantAdmission admitted, Request request, Handler next) {
    try {
      return next.handle(request);
    } finally {
      admitted.end();
    }
  }
}
