package dev.partywall.metering;

import dev.partywall.http.Body;
import dev.partywall.http.Filter;
import dev.partywall.http.Handler;
import dev.partywall.http.Request;
import dev.partywall.http.Response;
import dev.partywall.storage.CapacityListener;
import dev.partywall.tenancy.Execution;
import dev.partywall.tenancy.Identity;
import dev.partywall.tenancy.TenantContext;
import java.lang.ScopedValue.CallableOp;
import java.time.Instant;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Meters each request for the tenant bound to it, in the hour in which the request arrived.
 *
 * <p>The meter has two filters. {@link #requestFilter} runs inside the tenant's binding and meters
 * the requests that pass it. {@link #responseFilter} runs outside the filter that turns errors into
 * responses, because those have bytes that count. It meters a response only if the inner filter has
 * recorded the tenant.
 */
public final class RequestMeter implements CapacityListener {
  private static final ScopedValue<RequestUsage> REQUEST_USAGE = ScopedValue.newInstance();

  private final TenantUsageCounters counters;
  private final LongSupplier nanoTime;

  /** The counter of one request or one piece of work. */
  private static final class RequestUsage {
    private @Nullable UsageCounter counter;

    void setCounter(UsageCounter acquired) {
      if (counter != null) {
        throw new IllegalStateException("The request is metered already");
      }
      counter = acquired;
    }
  }

  RequestMeter(TenantUsageCounters counters, LongSupplier nanoTime) {
    this.counters = counters;
    this.nanoTime = nanoTime;
  }

  /** Returns the outer filter. It meters the bytes of the response after the last one is sent. */
  public Filter responseFilter() {
    return this::meterResponse;
  }

  /**
   * Returns the inner filter. It meters all other usage and requires the outer filter around it.
   */
  public Filter requestFilter() {
    return this::meterRequest;
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
      var acquired = counters.acquire(TenantContext.current().id());
      acquired.addCapacity(readThousandths, writeThousandths);
      acquired.release();
    }
  }

  /**
   * Runs work for a tenant without charging the tenant, such as counting its orders.
   *
   * @throws X if the work throws it
   */
  static <T, X extends Throwable> T unmetered(CallableOp<? extends T, X> work) throws X {
    var usage = new RequestUsage();
    usage.setCounter(new UsageCounter(TenantContext.current().id(), Instant.EPOCH));
    return ScopedValue.where(REQUEST_USAGE, usage).call(work);
  }

  private static boolean isOperatorsWork() {
    return Execution.currentIdentity().filter(Identity.Operator.class::isInstance).isPresent();
  }

  private Response meterResponse(Request request, Handler next) {
    var usage = new RequestUsage();
    Response response = null;
    try {
      response = ScopedValue.where(REQUEST_USAGE, usage).call(() -> next.handle(request));
    } finally {
      if (response == null && usage.counter != null) {
        usage.counter.release();
      }
    }
    var counter = usage.counter;
    return counter == null ? response : response.onSent(sent -> finish(counter, sent));
  }

  private static void finish(UsageCounter counter, Response.SendResult sent) {
    counter.addBytesOut(sent.bytes());
    counter.release();
  }

  private Response meterRequest(Request request, Handler next) {
    if (!TenantContext.isBound()) {
      return next.handle(request); // a route without a tenant
    }
    if (!REQUEST_USAGE.isBound()) {
      throw new IllegalStateException("The outer meter filter is missing from the filter chain");
    }
    var counter = counters.acquire(TenantContext.current().id());
    REQUEST_USAGE.get().setCounter(counter);
    counter.addRequest();
    var start = nanoTime.getAsLong();
    try {
      return next.handle(request.with(new CountingBody(request.body(), counter)));
    } finally {
      counter.addBusyNanos(nanoTime.getAsLong() - start);
    }
  }

  /** Counts a body when it is read. An unread body costs nothing. */
  private static final class CountingBody implements Body {
    private final Body body;
    private final UsageCounter counter;
    private boolean counted;

    CountingBody(Body body, UsageCounter counter) {
      this.body = body;
      this.counter = counter;
    }

    @Override
    public boolean isBuffered() {
      return body.isBuffered();
    }

    @Override
    public byte[] bytes() {
      var bytes = body.bytes();
      if (!counted) {
        counted = true;
        counter.addBytesIn(bytes.length);
      }
      return bytes;
    }
  }
}
