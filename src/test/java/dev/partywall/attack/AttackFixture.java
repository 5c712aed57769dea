package dev.partywall.attack;

import dev.partywall.local.LocalDynamo;
import dev.partywall.local.LocalKey;
import dev.partywall.local.LocalOidcIssuer;
import dev.partywall.local.LocalTenants;
import dev.partywall.local.TemporaryFolder;
import dev.partywall.local.UnlimitedTiers;
import dev.partywall.local.aws.DeployedTemplate;
import dev.partywall.metering.ledger.Ledger;
import dev.partywall.observability.log.SuiteLog;
import dev.partywall.orders.OrderRoutes;
import dev.partywall.registry.DynamoTenantRegistry;
import dev.partywall.runtime.OperatorCapability;
import dev.partywall.runtime.Service;
import dev.partywall.runtime.ServiceFixture;
import dev.partywall.runtime.Settings;
import dev.partywall.service.Kernel;
import dev.partywall.service.Offering;
import dev.partywall.storage.TableProvisioning;
import dev.partywall.storage.TenantTable;
import dev.partywall.storage.TestPlacements;
import dev.partywall.storage.UnboundTable;
import dev.partywall.tenancy.Placement;
import dev.partywall.tenancy.TenantId;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/**
 * The service in this process with its own wiring, real HTTP, a local AWS deployed from the
 * template, and tenants of every placement with similar names.
 */
final class AttackFixture implements AutoCloseable {
  static final String TENANT_DOMAIN = "orders.test";

  /** A tenant that is not among {@link #tenants} and names an issuer of its own. */
  static final String NAMING_TENANT = "naming";

  static final String TENANT_ROLE_VARIABLE = "PARTYWALL_TENANT_ROLE_ARN";
  private static final List<String> NAMES =
      List.of(
          "acme", "acme2", "acme-2", "a", "acm", "acme0", "acme1", "globex", "acme3", "initech");
  private static final Map<TenantId, Placement> PLACEMENTS =
      Map.of(
          new TenantId("acme1"), new Placement.ShardedPool(3),
          new TenantId("globex"), new Placement.ShardedPool(4),
          new TenantId("acme3"), new Placement.Silo(),
          new TenantId("initech"), new Placement.Silo());

  private final LocalDynamo dynamo;
  private final String prefix;
  private final TestPlacements placements;
  private final OffsetClock clock = new OffsetClock();
  private final DeployedTemplate aws;
  private final LocalOidcIssuer issuer;
  private final LocalOidcIssuer operatorIssuer;
  private final LocalOidcIssuer namedIssuer;
  private final AttackTokens tokens;
  private final AtomicReference<TenantTable> tenantTable = new AtomicReference<>();
  private final Path folder;
  private final String tiers;
  private final Service service;
  private final Canaries canaries = new Canaries();
  private final Findings findings = new Findings();
  private final LogProbe logProbe = new LogProbe(canaries, findings);
  private final Runnable unsubscribe = SuiteLog.addListener(logProbe);
  private final LocalKey untrustedKey = LocalKey.edwards("untrusted", "Ed25519");
  private final List<SeededTenant> tenants;
  private final SeededTenant importing;
  private final TableSnapshot initialItems;
  private final RegistrySnapshot initialRegistry;
  private final List<AttackCase> operatorRoutes;

  AttackFixture(LocalDynamo dynamo) throws Exception {
    this.dynamo = dynamo;
    prefix = dynamo.uniquePrefix();
    placements = new TestPlacements(prefix + "orders", PLACEMENTS);
    issuer = LocalOidcIssuer.start(0, clock);
    operatorIssuer = LocalOidcIssuer.start(0, clock);
    namedIssuer = LocalOidcIssuer.start(0, clock);
    try (var engine = dynamo.client()) {
      new TableProvisioning(engine, placements.schemas()).createMissing();
      new TableProvisioning(
              engine, List.of(Ledger.schema(prefix), DynamoTenantRegistry.schema(prefix)))
          .createMissing();
      var registrations =
          new AttackRegistrations(placements, canaries, namedIssuer.name(), clock.instant());
      LocalTenants.register(engine, prefix, registrations.of(NAMES));
      importing =
          new PartialImport(engine, prefix, placements.locations())
              .store(canaries, clock.instant());
    }
    aws = new DeployedTemplate(dynamo, prefix, clock);
    tokens = new AttackTokens(issuer, operatorIssuer, clock);
    folder = TemporaryFolder.create("attack");
    tiers = UnlimitedTiers.in(folder);
    service =
        ServiceFixture.start(
            settings(),
            List.of(OrderRoutes::of, OperatorCapability::of, this::attackRoutes),
            clock);
    ReadinessWait.await(service.managementPort());
    try (var seeder = new DataSeeder(this, new SplittableRandom())) {
      tenants = NAMES.stream().map(seeder::seed).toList();
    }
    initialItems = TableSnapshot.take(this);
    initialRegistry = RegistrySnapshot.take(this);
    operatorRoutes = OperatorRouteAttacks.on(DescribedRoute.readAll(this));
    awaitNamedIssuer();
  }

  /** Readiness requires the keys of one issuer only. */
  private void awaitNamedIssuer() throws InterruptedException {
    try (var client = new AttackHttpClient(port())) {
      var token = IssuerAttacks.ofNamedIssuer(this, NAMING_TENANT);
      while (client.send(ApiRequest.get("/tenant").withToken(token)).status() != 200) {
        Thread.sleep(10);
      }
    }
  }

  /** Returns the service's configuration. */
  Map<String, String> environment() {
    var environment = new HashMap<>(aws.variables());
    environment.put("PARTYWALL_HOST", "127.0.0.1");
    environment.put("PARTYWALL_PORT", "0");
    environment.put("PARTYWALL_MANAGEMENT_PORT", "0");
    environment.put("PARTYWALL_ISSUERS", issuer.name() + "," + namedIssuer.name());
    environment.put("PARTYWALL_AUDIENCE", LocalOidcIssuer.AUDIENCE);
    environment.put("PARTYWALL_OPERATOR_ISSUERS", operatorIssuer.name());
    environment.put("PARTYWALL_TENANT_DOMAIN", TENANT_DOMAIN);
    environment.put("PARTYWALL_UNKNOWN_TENANTS", "allow");
    environment.put("PARTYWALL_TIERS", tiers);
    environment.put("PARTYWALL_TABLE_PREFIX", prefix);
    environment.put("PARTYWALL_JOURNAL_DIR", folder.resolve("journal").toString());
    environment.put(TENANT_ROLE_VARIABLE, aws.template().arn("TenantRole"));
    return environment;
  }

  private Settings settings() throws Settings.InvalidSettingsException {
    return Settings.from(environment(), ServiceFixture.declare(List.of(OrderRoutes::of)));
  }

  private Offering attackRoutes(Kernel kernel) {
    var table = kernel.table();
    tenantTable.set(table);
    var buggyStore =
        new BuggyStore(
            () -> new UnboundTable(rawClient().restricted(), new SecureRandom()), placements);
    return Offering.of(
        "attacks", List.of(new HostileCapability(table).route(), buggyStore.route()));
  }

  LocalDynamo dynamo() {
    return dynamo;
  }

  String prefix() {
    return prefix;
  }

  TestPlacements placements() {
    return placements;
  }

  Placement placementOf(SeededTenant tenant) {
    return placements.registration(tenant.asTenant().id()).placement();
  }

  OffsetClock clock() {
    return clock;
  }

  DeployedTemplate aws() {
    return aws;
  }

  LocalOidcIssuer issuer() {
    return issuer;
  }

  LocalOidcIssuer operatorIssuer() {
    return operatorIssuer;
  }

  /** Returns the issuer that {@link #NAMING_TENANT} names. */
  LocalOidcIssuer namedIssuer() {
    return namedIssuer;
  }

  /** Returns the attacks on the operators' routes that the service describes. */
  List<AttackCase> operatorRoutes() {
    return operatorRoutes;
  }

  /** Returns a signing key that no issuer publishes. */
  LocalKey untrustedKey() {
    return untrustedKey;
  }

  AttackTokens tokens() {
    return tokens;
  }

  RawDynamoClient rawClient() {
    return RawDynamoClient.extractFrom(tenantTable.get());
  }

  Canaries canaries() {
    return canaries;
  }

  Findings findings() {
    return findings;
  }

  LogProbe logProbe() {
    return logProbe;
  }

  int port() {
    return service.port();
  }

  int managementPort() {
    return service.managementPort();
  }

  List<SeededTenant> tenants() {
    return tenants;
  }

  /**
   * Returns the tenant with a running import, which is not among {@link #tenants}, as a target. It
   * has no lists, so the cursors are those of another tenant.
   */
  SeededTenant importingTarget() {
    return new SeededTenant(
        importing.asTenant(),
        importing.location(),
        importing.canary(),
        importing.orderIds(),
        tenant("acme2").cursors());
  }

  /** Returns all tenants that have items. */
  List<SeededTenant> allTenants() {
    return Stream.concat(tenants.stream(), Stream.of(importing)).toList();
  }

  SeededTenant tenant(String name) {
    return tenants.stream().filter(tenant -> tenant.name().equals(name)).findFirst().orElseThrow();
  }

  ResponseProbe responseProbe() {
    return new ResponseProbe(canaries, findings);
  }

  /** Returns a table other than the attacker's. */
  String foreignTable(AttackScene scene) {
    var own = scene.attacker().location().table();
    return placements.tables().stream()
        .filter(table -> !table.equals(own))
        .findFirst()
        .orElseThrow();
  }

  /**
   * Reports each changed or missing initial item, each item that contains another tenant's data,
   * and each change of the registry.
   */
  void checkTables() {
    initialRegistry.compare(RegistrySnapshot.take(this), findings);
    initialItems.compare(TableSnapshot.take(this), this, findings);
  }

  @Override
  public void close() {
    service.drain();
    unsubscribe.run();
    issuer.close();
    operatorIssuer.close();
    namedIssuer.close();
    aws.close();
  }
}
