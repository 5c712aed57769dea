package dev.partywall.metering.meter;

import dev.partywall.http.Match;
import dev.partywall.storage.CapacityListener;
import dev.partywall.tenancy.Execution;
import dev.partywall.tenancy.Identity;
import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantContext;
import java.lang.ScopedValue.CallableOp;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Meters each request for the tenant bound to it, in the hour in which the request arrived.
 *
 * <p>Two filters use the meter. {@link MeterRequests} runs inside the tenant's binding and meters
 * the requests that pass it. {@link MeterResponses} runs outside the filter that turns errors into
 * responses, because those have bytes that count. It meters a response only if the inner filter has
 * recorded the tenant.
 */
public final class RequestMeter implements CapacityListener {
  private static final ScopedValue<RequestUsage> REQUEST_USAGE = ScopedValue.newInstance();

  private final TenantUsageCounters counters;
  private final LongSupplier nanoTime;
  private final Function<Tenant, String> tierNames;
  private final Consumer<MeteredTenant> requestListener;

  /** The counter of one request or one piece of work. */
  static final class RequestUsage {
    private @Nullable UsageCounter counter;

    /** Returns the counter, if the request has passed {@link MeterRequests}. */
    Optional<UsageCounter> counter() {
      return Optional.ofNullable(counter);
    }

    void setCounter(UsageCounter acquired) {
      if (counter != null) {
        throw new IllegalStateException("The request is metered already");
      }
      counter = acquired;
    }
  }

  /**
   * Creates a meter.
   *
   * @param nanoTime a monotonic clock in nanoseconds
   * @param tierNames returns the name of the tier that applies to a tenant
   * @param requestListener receives the tenant of each request; must not block
   */
  public RequestMeter(
      TenantUsageCounters counters,
      LongSupplier nanoTime,
      Function<Tenant, String> tierNames,
      Consumer<MeteredTenant> requestListener) {
    this.counters = counters;
    this.nanoTime = nanoTime;
    this.tierNames = tierNames;
    this.requestListener = requestListener;
  }

  /** Returns the usage of the request that this thread serves. */
  static Optional<RequestUsage> current() {
    return REQUEST_USAGE.isBound() ? Optional.of(REQUEST_USAGE.get()) : Optional.empty();
  }

  /** Calls {@code work} as a request with this usage. */
  static <T, X extends Throwable> T metered(RequestUsage usage, CallableOp<? extends T, X> work)
      throws X {
    return ScopedValue.where(REQUEST_USAGE, usage).call(work);
  }

  /**
   * Acquires the bound tenant's counter of the current hour. The caller must release it. The tier
   * of an hour is that of its first request. Background work may not know the tier.
   */
  UsageCounter acquire() {
    var tenant = TenantContext.current();
    var counter = counters.acquire(MeteredTenant.of(tenant));
    if (tenant.tier().isPresent() && counter.tier().isEmpty()) {
      counter.setTierIfAbsent(tierNames.apply(tenant));
    }
    return counter;
  }

  /** Adds the bound tenant's request to its counter. */
  void addRequest(UsageCounter counter, Match match) {
    counters.addRequest(counter);
    if (match instanceof Match.Found(var route, _)) {
      counter.addUse(UsageMeter.route(route.method(), route.template()));
    }
    requestListener.accept(MeteredTenant.of(TenantContext.current()));
  }

  /** Adds a use of a feature to the request of the bound tenant. */
  public void addFeatureUse(String feature) {
    current()
        .flatMap(RequestUsage::counter)
        .ifPresent(counter -> counter.addUse(UsageMeter.feature(feature)));
  }

  /** Returns the meter of the capacity that operations consume, instead of requests. */
  public CapacityListener operations() {
    return new OperationMeter(counters);
  }

  /** Returns the monotonic time in nanoseconds. */
  long nanoTime() {
    return nanoTime.getAsLong();
  }

  /**
   * Adds the capacity of a DynamoDB call to the bound tenant's request. A tenant does not pay for
   * the work of an operator.
   */
  @Override
  public void consumed(long readThousandths, long writeThousandths) {
    var counter = REQUEST_USAGE.isBound() ? REQUEST_USAGE.get().counter : null;
    if (counter != null) {
      counter.addCapacity(readThousandths, writeThousandths);
    } else if (TenantContext.isBound() && !isOperatorsWork()) {
      var acquired = acquire();
      acquired.addCapacity(readThousandths, writeThousandths);
      acquired.release();
    }
  }

  /**
   * Runs work for a tenant without charging the tenant, such as counting its writes.
   *
   * @throws X if the work throws it
   */
  public static <T, X extends Throwable> T unmetered(CallableOp<? extends T, X> work) throws X {
    var usage = new RequestUsage();
    usage.setCounter(new UsageCounter(MeteredTenant.of(TenantContext.current()), Instant.EPOCH));
    return metered(usage, work);
  }

  private static boolean isOperatorsWork() {
    return Execution.currentIdentity().filter(Identity.Operator.class::isInstance).isPresent();
  }
}
