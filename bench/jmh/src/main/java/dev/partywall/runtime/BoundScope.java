package dev.partywall.runtime;

import dev.partywall.tenancy.Execution;
import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantContext;
import dev.partywall.tenancy.TenantId;
import java.util.Optional;

/** Binds a request scope and a tenant, as the service does before storage calls. */
final class BoundScope {
  static final Execution.CorrelationIds IDS =
      new Execution.CorrelationIds(
          "1".repeat(32),
          "2".repeat(32),
          "3".repeat(16),
          new Execution.Trace(Optional.empty(), 0, ""));

  private static final Tenant TENANT = new Tenant(new TenantId("acme"), "premium");

  private BoundScope() {}

  static <T> T call(ScopedValue.CallableOp<T, RuntimeException> work) {
    return new Execution(IDS).call(() -> TenantContext.call(TENANT, work));
  }
}
