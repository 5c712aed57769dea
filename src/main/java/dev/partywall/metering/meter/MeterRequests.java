package dev.partywall.metering.meter;

import dev.partywall.http.Body;
import dev.partywall.http.Filter;
import dev.partywall.http.Handler;
import dev.partywall.http.Request;
import dev.partywall.http.Response;
import dev.partywall.tenancy.TenantContext;

/**
 * The inner filter of the {@link RequestMeter}. It meters all usage except the bytes of the
 * response, and requires {@link MeterResponses} around it.
 */
public final class MeterRequests implements Filter {
  private final RequestMeter meter;

  /** Adds the usage to {@code meter}. */
  public MeterRequests(RequestMeter meter) {
    this.meter = meter;
  }

  @Override
  public Response filter(Request request, Handler next) {
    if (!TenantContext.isBound()) {
      return next.handle(request); // a route without a tenant
    }
    var usage =
        RequestMeter.current()
            .orElseThrow(() ->
                new IllegalStateException(
                    "The outer meter filter is missing from the filter chain"));
    var counter = meter.acquire();
    usage.setCounter(counter);
    meter.addRequest(counter, request.match());
    var start = meter.nanoTime();
    try {
      return next.handle(request.with(new CountingBody(request.body(), counter)));
    } finally {
      counter.addBusyNanos(meter.nanoTime() - start);
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
    public void parsedAsJson() {
      body.parsedAsJson();
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
