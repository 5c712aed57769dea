package dev.partywall.metering.meter;

import dev.partywall.http.Filter;
import dev.partywall.http.Handler;
import dev.partywall.http.Request;
import dev.partywall.http.Response;
import dev.partywall.metering.meter.RequestMeter.RequestUsage;

/**
 * The outer filter of the {@link RequestMeter}. It meters the bytes of the response after the last
 * one is sent.
 */
public final class MeterResponses implements Filter {
  @Override
  public Response filter(Request request, Handler next) {
    var usage = new RequestUsage();
    Response response = null;
    try {
      response = RequestMeter.metered(usage, () -> next.handle(request));
    } finally {
      if (response == null) {
        usage.counter().ifPresent(UsageCounter::release);
      }
    }
    var counter = usage.counter();
    return counter.isEmpty() ? response : response.onSent(sent -> finish(counter.get(), sent));
  }

  private static void finish(UsageCounter counter, Response.SendResult sent) {
    counter.addBytesOut(sent.bytes());
    counter.release();
  }
}
