package dev.partywall.tenancy.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.partywall.concurrent.Watchdog;
import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.http.Body;
import dev.partywall.http.Handler;
import dev.partywall.http.Headers;
import dev.partywall.http.Request;
import dev.partywall.http.RequestTarget;
import dev.partywall.http.Response;
import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantContext;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.admission.FairQueue.Bounds;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicLong;

/** A fair queue with a clock that a test sets, and the filter in front of it. */
final class QueueFixture {
  static final Request REQUEST = Request.of("GET", RequestTarget.ROOT, Headers.NONE, Body.NONE);
  static final Handler OK = _ -> Response.of(200);

  final AtomicLong now = new AtomicLong();
  final Watchdog watchdog = new Watchdog("test", Duration.ofSeconds(3), now::get);
  final FairQueue queue;

  QueueFixture(int inFlight, int queued, int queuedPerTenant) {
    var bounds = new Bounds(inFlight, inFlight, queued, queuedPerTenant);
    queue = new FairQueue(bounds, watchdog, now::get);
  }

  /** Sends a request in a thread of its own, because no thread works for two tenants. */
  Response filter(String tenant, Request request, Handler next) {
    return call(() -> filterHere(tenant, request, next));
  }

  static Response call(Callable<Response> request) {
    var response = new FutureTask<>(request);
    Thread.startVirtualThread(response);
    try {
      return response.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error failure) {
        throw failure;
      }
      throw assertInstanceOf(RuntimeException.class, e.getCause());
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  Response filterHere(String tenant, Request request, Handler next) {
    return TenantContext.call(
        new Tenant(new TenantId(tenant)),
        () -> new FairConcurrencyLimit(queue).filter(request, next));
  }

  void assertRejected(String tenant) {
    assertRejected(() -> filter(tenant, REQUEST, OK));
  }

  static void assertRejected(Runnable request) {
    var rejection = assertThrows(ApiException.class, request::run);
    assertEquals(new ApiError.AtCapacity(Duration.ofSeconds(1)), rejection.error());
  }
}
