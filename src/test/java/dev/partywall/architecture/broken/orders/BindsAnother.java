package dev.partywall.architecture.broken.orders;

import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantContext;
import dev.partywall.tenancy.TenantId;
import java.util.function.Supplier;

/**
 * Business code that makes itself another tenant. On a thread of its own, where nobody is bound
 * yet, no lock stops it, since the credentials follow the binding: this rule has to.
 */
final class BindsAnother {
  String steal(Supplier<String> work) {
    return TenantContext.call(new Tenant(new TenantId("globex"), "free"), work::get);
  }
}
