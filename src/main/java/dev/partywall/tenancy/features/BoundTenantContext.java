package dev.partywall.tenancy.features;

import dev.openfeature.sdk.EvaluationContext;
import dev.openfeature.sdk.ImmutableContext;
import dev.openfeature.sdk.TransactionContextPropagator;
import dev.openfeature.sdk.Value;
import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantContext;
import dev.partywall.tenancy.Tiers;
import java.util.Map;

/**
 * Derives the evaluation context from the bound tenant: the targeting key is the tenant's id, and
 * an attribute has the name of its tier. OpenFeature's own propagator uses a {@code ThreadLocal},
 * which would outlive the request.
 */
record BoundTenantContext(Tiers tiers) implements TransactionContextPropagator {
  private static final EvaluationContext NONE = new ImmutableContext();

  /** Must not throw: OpenFeature calls it outside its own error handling. */
  @Override
  public EvaluationContext getTransactionContext() {
    return TenantContext.isBound() ? of(TenantContext.current()) : NONE;
  }

  private EvaluationContext of(Tenant tenant) {
    return new ImmutableContext(
        tenant.id().value(), Map.of("tier", new Value(tiers.of(tenant).name())));
  }

  /** Rejects another context: the binding is the only source of the tenant. */
  @Override
  public void setTransactionContext(EvaluationContext context) {
    throw new UnsupportedOperationException("The bound tenant determines the evaluation context.");
  }
}
