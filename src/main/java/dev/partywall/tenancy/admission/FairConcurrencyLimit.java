package dev.partywall.tenancy.admission;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.http.Body;
import dev.partywall.http.Filter;
import dev.partywall.http.Handler;
import dev.partywall.http.Request;
import dev.partywall.http.Response;
import dev.partywall.tenancy.Execution;
import dev.partywall.tenancy.TenantContext;
import dev.partywall.tenancy.admission.FairQueue.Permit;
import org.jspecify.annotations.Nullable;

/**
 * A filter that limits the number of concurrent requests of the service, because overload reduces
 * throughput. A request in progress has a permit of a {@link FairQueue}. Requests above the limit
 * wait, and are rejected only when they wait too long: clients would repeat an immediate rejection
 * immediately, and rejecting all of the retries would leave no time for serving requests.
 *
 * <p>A request that waits for its body has no permit; otherwise slow senders could block all other
 * clients. {@link LimitMemory} limits these requests, because partial bodies occupy memory. After
 * its body has arrived, a request waits for a permit again: bodies that are sent late gain nothing.
 *
 * <p>Requests without a tenant pass. Those of operators have limits of their own, and those of open
 * routes are served from memory.
 */
public final class FairConcurrencyLimit implements Filter {
  private final FairQueue queue;

  /** Creates a filter whose requests share {@code queue}. */
  public FairConcurrencyLimit(FairQueue queue) {
    this.queue = queue;
  }

  /**
   * Calls {@code next} as soon as a permit is free.
   *
   * @throws ApiException as {@link ApiError.AtCapacity} if no permit becomes free in time
   */
  @Override
  public Response filter(Request request, Handler next) {
    if (!TenantContext.isBound()) {
      return next.handle(request);
    }
    var body = new PermittedBody(request.body(), acquire());
    try {
      return next.handle(request.with(body));
    } finally {
      body.end();
    }
  }

  private Permit acquire() {
    var weight =
        Execution.current().flatMap(Execution::quota).map(quota -> quota.limits().weight());
    return queue.acquire(TenantContext.current().id(), weight.orElse(1));
  }

  /** The body of a request, and its permit. Reading the body gives the permit back meanwhile. */
  private final class PermittedBody implements Body {
    private final Body body;
    private @Nullable Permit permit;

    PermittedBody(Body body, Permit permit) {
      this.body = body;
      this.permit = permit;
    }

    void end() {
      if (permit != null) {
        permit.end();
        permit = null;
      }
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
      if (permit == null || body.isBuffered()) {
        return body.bytes();
      }
      permit.suspend();
      permit = null;
      var bytes = body.bytes();
      permit = acquire();
      return bytes;
    }
  }
}
