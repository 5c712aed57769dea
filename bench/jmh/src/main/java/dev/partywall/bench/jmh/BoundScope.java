package dev.partywall.bench.jmh;

import dev.partywall.http.Handler;
import dev.partywall.http.Request;
import dev.partywall.http.Response;
import dev.partywall.tenancy.Execution;
import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantContext;
import dev.partywall.tenancy.TenantId;
import java.util.Optional;

/** Binds a request scope and a tenant, as the service does before storage calls. */
public final class BoundScope {
  private static final Execution.CorrelationIds IDS =
      new Execution.CorrelationIds(
          "1".repeat(32),
          "2".repeat(32),
          "3".repeat(16),
          new Execution.Trace(Optional.empty(), 0, ""));

  private static final Tenant TENANT = new Tenant(new TenantId("acme"), "premium");

  private BoundScope() {}

  /** Binds a request scope like the trace filter, but generates no ids. */
  public static Response filter(Request request, Handler next) {
    return newExecution().call(() -> next.handle(request));
  }

  static <T> T call(ScopedValue.CallableOp<T, RuntimeException> work) {
    return newExecution().call(() -> TenantContext.call(TENANT, work));
  }

  static Execution newExecution() {
    return new Execution(IDS);
  }
}
