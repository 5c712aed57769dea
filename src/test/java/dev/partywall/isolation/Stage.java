package dev.partywall.isolation;

import dev.partywall.http.Refusal;
import dev.partywall.http.Refused;
import dev.partywall.tenancy.Home;
import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantContext;
import dev.partywall.tenancy.TenantId;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.IntStream;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;

/** A fixture for tenant credentials. The test controls STS, clock, executor and locations. */
final class Stage {
  static final TenantId ACME = new TenantId("acme");
  static final TenantId GLOBEX = new TenantId("globex");

  final SetClock clock = new SetClock();
  final FakeVendor sts = new FakeVendor(clock);
  final Background background = new Background();
  final Events events = new Events();
  final Map<TenantId, Home> moved = new ConcurrentHashMap<>();
  private final RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(42);
  final TenantCredentials credentials;

  Stage() {
    this.credentials = credentials(background, 1_000);
  }

  TenantCredentials credentials(Executor executor, int maxTenants) {
    return new TenantCredentials(
        new Vending(sts, executor, clock, this::random, events), this::homeOf, maxTenants);
  }

  private synchronized double random() {
    return random.nextDouble();
  }

  Home homeOf(TenantId tenant) {
    return moved.getOrDefault(tenant, new Home("orders", List.of(tenant.value())));
  }

  AwsSessionCredentials as(TenantId tenant) {
    return as(tenant, credentials);
  }

  static AwsSessionCredentials as(TenantId tenant, TenantCredentials credentials) {
    return TenantContext.call(
        new Tenant(tenant, "free"), () -> (AwsSessionCredentials) credentials.resolveCredentials());
  }

  void distrust(TenantId tenant) {
    TenantContext.call(
        new Tenant(tenant, "free"),
        () -> {
          credentials.distrust();
          return tenant;
        });
  }

  /** Returns whether the tenant is served; a rejection must contain a retry time. */
  boolean serves(TenantId tenant) {
    try {
      return as(tenant).sessionToken().startsWith(tenant + "#");
    } catch (Refused rejected) {
      var unavailable = (Refusal.Unavailable) rejected.refusal();
      if (!unavailable.retryAfter().isPositive()) {
        throw new AssertionError("the rejection lacks a retry time", rejected);
      }
      return false;
    }
  }

  static List<TenantId> tenants(int count) {
    return IntStream.range(0, count).mapToObj(i -> new TenantId("t" + i)).toList();
  }
}
