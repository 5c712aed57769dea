package dev.partywall.architecture.broken.orders;

/** Business code that has heard of tenants. */
final class KnowsATenant {
  TenantHelper helper() {
    return new TenantHelper();
  }
}
