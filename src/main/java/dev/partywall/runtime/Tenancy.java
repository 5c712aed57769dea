package dev.partywall.runtime;

import dev.partywall.concurrent.Periodic;
import dev.partywall.registry.DynamoTenantRegistry;
import dev.partywall.registry.FormerPlacements;
import dev.partywall.registry.Instances;
import dev.partywall.registry.TenantSnapshot;
import dev.partywall.tenancy.BindTenant;
import dev.partywall.tenancy.RequestGenerations;
import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantDirectory;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.TenantLocations;
import dev.partywall.tenancy.TenantSelection;
import dev.partywall.tenancy.UnknownTiers;
import dev.partywall.tenancy.admission.MonthUsage;
import dev.partywall.tenancy.admission.TenantLimiter;
import dev.partywall.tenancy.admission.TenantLimiter.LimitedTenant;
import dev.partywall.tenancy.registry.Barrier;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** The registered tenants, and the limits of each. */
final class Tenancy {
  private static final Logger LOG = LoggerFactory.getLogger(Tenancy.class);
  private static final Duration SWEEP_INTERVAL = Duration.ofSeconds(1);

  private final DynamoDbClient own;
  private final Settings settings;
  private final InstantSource clock;
  private final LongSupplier nanoTime;
  private final Resources resources;
  private final DynamoTenantRegistry registry;
  private final Instances instances;
  private final TenantSnapshot directory;
  private final UnknownTiers unknownTiers;

  /**
   * Starts to follow the changes of the registry.
   *
   * @param own a client with the service's own credentials
   * @param correctedClock the time of this instance, corrected by that of the registry
   * @param resources receives the components that must be closed
   */
  Tenancy(
      DynamoDbClient own,
      Settings settings,
      InstantSource correctedClock,
      Service.Replaceable parts,
      SecureRandom random,
      Resources resources) {
    this.own = own;
    this.settings = settings;
    this.clock = parts.clock();
    this.nanoTime = parts.nanoTime();
    this.resources = resources;
    var prefix = settings.storage().tablePrefix();
    this.registry = new DynamoTenantRegistry(own, prefix, correctedClock, random);
    this.instances =
        resources.add("instances", new Instances(own, prefix, UUID::randomUUID, nanoTime));
    this.directory =
        resources.add("registry", new TenantSnapshot(registry, instances::register, nanoTime));
    directory.start();
    this.unknownTiers = new UnknownTiers(settings.tiers(), clock);
  }

  TenantDirectory directory() {
    return directory;
  }

  DynamoTenantRegistry registry() {
    return registry;
  }

  /** Returns the barrier of operations. It does not wait for the next poll of this instance. */
  Barrier barrier() {
    return sequence -> {
      directory.poll();
      return instances.waitingFor(sequence);
    };
  }

  /**
   * Records that the earlier instances with the same journal directory have ended.
   *
   * @param directory locked by this process
   */
  void recordEarlierInstances(Path directory) {
    var file = new InstanceFile(directory);
    instances.recordEnd(file.add(instances.id()), () -> file.retain(instances.id()));
  }

  /** Returns the requests in flight that write to the partitions of tenants. */
  RequestGenerations requests() {
    return directory.requests();
  }

  /** Records that a write of a tenant's request has no definite result. */
  void recordUnknownResult() {
    directory.requests().recordUnknownResult();
  }

  TenantLocations locations() {
    return new TenantLocations(settings.storage().pool());
  }

  /** Returns a tenant for background work. A tenant without registration is in the pool. */
  Tenant tenant(TenantId id) {
    return Tenant.of(id, directory.find(id));
  }

  /** Returns the filter that selects the tenant of a user, or rejects the user. */
  BindTenant bindTenant() {
    return new BindTenant(
        new TenantSelection(directory, settings.unknownTenants(), unknownTiers),
        directory.requests());
  }

  /**
   * Returns the limits of the tenants, and starts to exchange the limited tenants with the other
   * instances.
   */
  TenantLimiter startLimiter(MonthUsage usage) {
    var limiter =
        new TenantLimiter(settings.tiers()::limitsOf, usage, instances::share, nanoTime, clock);
    instances
        .publish(
            directory.requests()::acknowledged, () -> limited(limiter), limiter::recentRequests)
        .start();
    resources.add(
        "tenant limits", Periodic.start(LOG, "idle-tenants", SWEEP_INTERVAL, limiter::sweep));
    return limiter;
  }

  private static Map<TenantId, Long> limited(TenantLimiter limiter) {
    return limiter.limited().stream()
        .collect(Collectors.toMap(LimitedTenant::id, LimitedTenant::requests));
  }

  /** Returns whether this instance has read the registry since its start. */
  boolean isRegistryRead() {
    return directory.isRead();
  }

  /** Returns whether this instance knows the changes of the tenants until the last seconds. */
  boolean isCurrent() {
    return directory.isCurrent();
  }

  /** Returns whether no tenant was ever registered, as far as this instance knows. */
  boolean hasNoTenants() {
    return directory.appliedSequence() == 0;
  }

  /**
   * Returns the check for tenants of an earlier release.
   *
   * @param usage returns whether the ledger has tenants
   */
  Adoption adoption(BooleanSupplier usage) {
    var prefix = settings.storage().tablePrefix();
    return new Adoption(
        settings.unknownTenants(), () -> FormerPlacements.exist(own, prefix), usage);
  }

  /** Returns the number of live instances of the service, including this one. */
  int instances() {
    return instances.live();
  }

  /** Returns the problem with the registry, if any. */
  Optional<String> registryProblem() {
    return directory.problem().or(instances::problem);
  }

  /** Returns the problem with the tiers of tenants, if any. */
  Optional<String> tierProblem() {
    return unknownTiers.problem();
  }
}
