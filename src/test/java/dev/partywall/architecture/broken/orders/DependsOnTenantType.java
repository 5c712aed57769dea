package dev.partywall.architecture.broken.orders;

/** Business code that depends on a type named after tenants. */
final class DependsOnTenantType {
  TenantHelper helper() {
    return new TenantHelper();
  }
}
