package dev.partywall.isolation;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantContext;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.TenantLocation;
import dev.partywall.tenancy.TestExecution;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.IntStream;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;

/** A fixture for tenant credentials. The test controls STS, clock, executor and locations. */
final class CredentialsFixture {
  static final TenantId ACME = new TenantId("acme");
  static final TenantId GLOBEX = new TenantId("globex");

  final FixedClock clock = new FixedClock();
  final FakeCredentialIssuer sts = new FakeCredentialIssuer(clock);
  final QueuedExecutor background = new QueuedExecutor();
  final RecordedCredentialEvents events = new RecordedCredentialEvents();
  final Map<TenantId, TenantLocation> moved = new ConcurrentHashMap<>();
  private final RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(42);
  final TenantCredentials credentials;

  CredentialsFixture() {
    this.credentials = credentials(background, 1_000);
  }

  TenantCredentials credentials(Executor executor, int maxTenants) {
    return new TenantCredentials(
        new CredentialIssuing(sts, executor, TestExecution::create, clock, this::random, events),
        tenant -> this.locationOf(tenant.id()),
        maxTenants);
  }

  /** Returns the dependencies of an issuer that reports no events. */
  static CredentialIssuing issuing(
      CredentialIssuer issuer, Executor executor, InstantSource clock) {
    return new CredentialIssuing(
        issuer, executor, TestExecution::create, clock, () -> 0.5, CredentialListener.NONE);
  }

  private synchronized double random() {
    return random.nextDouble();
  }

  TenantLocation locationOf(TenantId tenant) {
    return moved.getOrDefault(tenant, new TenantLocation("orders", List.of(tenant.value())));
  }

  AwsSessionCredentials resolveAs(TenantId tenant) {
    return resolveAs(tenant, credentials);
  }

  static AwsSessionCredentials resolveAs(TenantId tenant, TenantCredentials credentials) {
    return TenantContext.call(
        new Tenant(tenant, "free"), () -> (AwsSessionCredentials) credentials.resolveCredentials());
  }

  void invalidate(TenantId tenant) {
    TenantContext.call(
        new Tenant(tenant, "free"),
        () -> {
          credentials.invalidate();
          return tenant;
        });
  }

  /** Returns whether the tenant is served; a rejection must contain a retry time. */
  boolean isServed(TenantId tenant) {
    try {
      return resolveAs(tenant).sessionToken().startsWith(tenant + "#");
    } catch (ApiException rejected) {
      var unavailable = (ApiError.Unavailable) rejected.error();
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
