package dev.partywall.architecture.broken.orders;

import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantContext;
import dev.partywall.tenancy.TenantId;
import java.util.function.Supplier;

/**
 * Business code that binds another tenant. On a new thread without a binding, neither isolation
 * layer prevents this, because the credentials follow the binding. Only the architecture rule does.
 */
final class BindsAnotherTenant {
  String steal(Supplier<String> work) {
    return TenantContext.call(new Tenant(new TenantId("globex"), "free"), work::get);
  }
}
