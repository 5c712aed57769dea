package dev.partywall.attack;

import dev.partywall.Service;
import dev.partywall.Settings;
import dev.partywall.http.Route;
import dev.partywall.local.LocalDynamo;
import dev.partywall.local.LocalIssuer;
import dev.partywall.local.LocalKey;
import dev.partywall.local.aws.Deployed;
import dev.partywall.metering.UsageTable;
import dev.partywall.observability.WholeLog;
import dev.partywall.orders.OrderRoutes;
import dev.partywall.storage.LooseTable;
import dev.partywall.storage.Tables;
import dev.partywall.storage.TenantTable;
import dev.partywall.tenancy.Placements;
import dev.partywall.tenancy.PlacementsFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;

/**
 * The service in this process with its own wiring, real HTTP, a local AWS deployed from the
 * template, and tenants of every placement with similar names.
 */
final class House implements AutoCloseable {
  static final String DOMAIN = "orders.test";
  static final String ROLE = "PARTYWALL_TENANT_ROLE_ARN";
  private static final String PLACEMENTS_FILE = "placements.json";
  private static final List<String> NAMES =
      List.of(
          "acme", "acme2", "acme-2", "a", "acm", "acme0", "acme1", "globex", "acme3", "initech");
  private static final String PLACEMENTS_JSON =
      """
      {"acme1":{"kind":"pool","shards":3},"globex":{"kind":"pool","shards":4},
       "acme3":{"kind":"silo"},"initech":{"kind":"silo"}}\
      """;

  private final LocalDynamo dynamo;
  private final String prefix;
  private final Placements placements;
  private final OffsetClock clock = new OffsetClock();
  private final Deployed aws;
  private final LocalIssuer issuer;
  private final Tokens tokens;
  private final SdkProperties properties;
  private final AtomicReference<Crowbar> rawClient = new AtomicReference<>();
  private final Path folder;
  private final Service service;
  private final Canaries canaries = new Canaries();
  private final Findings findings = new Findings();
  private final Ear logProbe = new Ear(canaries, findings);
  private final Runnable unsubscribe = WholeLog.tell(logProbe);
  private final LocalKey untrustedKey = LocalKey.rsa("untrusted", 2048);
  private final List<Resident> tenants;
  private final Inventory initialItems;

  House(LocalDynamo dynamo) throws Exception {
    this.dynamo = dynamo;
    prefix = dynamo.freshPrefix();
    placements =
        new Placements(
            prefix,
            PlacementsFile.parse(PLACEMENTS_JSON.getBytes(StandardCharsets.UTF_8), House::fail));
    try (var engine = dynamo.client()) {
      new Tables(engine, placements).createMissing();
      new UsageTable(engine, prefix).createMissing();
      RegistryTable.create(engine, prefix + "tenants");
    }
    aws = new Deployed(dynamo, prefix, clock);
    issuer = LocalIssuer.start(0, clock);
    tokens = new Tokens(issuer, clock);
    properties = new SdkProperties(aws);
    folder = Files.createTempDirectory("attack");
    Files.writeString(folder.resolve(PLACEMENTS_FILE), PLACEMENTS_JSON);
    service = Service.start(settings(), List.of(OrderRoutes::of, this::attackRoutes), clock);
    Readiness.await(service.managementPort());
    try (var seeder = new Furnisher(this, new SplittableRandom())) {
      tenants = NAMES.stream().map(seeder::moveIn).toList();
    }
    initialItems = Inventory.of(this);
  }

  private static void fail(String fault) {
    throw new IllegalStateException(fault);
  }

  /** Returns the service's configuration, except that of the AWS SDK. */
  Map<String, String> environment() {
    var environment = new HashMap<String, String>();
    environment.put("PARTYWALL_HOST", "127.0.0.1");
    environment.put("PARTYWALL_PORT", "0");
    environment.put("PARTYWALL_MANAGEMENT_PORT", "0");
    environment.put("PARTYWALL_ISSUERS", issuer.name());
    environment.put("PARTYWALL_AUDIENCE", LocalIssuer.AUDIENCE);
    environment.put("PARTYWALL_TENANT_DOMAIN", DOMAIN);
    environment.put("PARTYWALL_TABLE_PREFIX", prefix);
    environment.put("PARTYWALL_PLACEMENTS", folder.resolve(PLACEMENTS_FILE).toString());
    environment.put("PARTYWALL_JOURNAL_DIR", folder.resolve("journal").toString());
    environment.put(ROLE, aws.template().arn("TenantRole"));
    return environment;
  }

  private Settings settings() throws Settings.Invalid {
    return Settings.from(environment());
  }

  private List<Route> attackRoutes(TenantTable table, InstantSource time, RandomGenerator random) {
    var client = Crowbar.on(table);
    rawClient.set(client);
    return List.of(
        new Burglar(table).route(),
        new BuggyStore(new LooseTable(client.narrow(), random), placements).route());
  }

  LocalDynamo dynamo() {
    return dynamo;
  }

  String prefix() {
    return prefix;
  }

  Placements placements() {
    return placements;
  }

  OffsetClock clock() {
    return clock;
  }

  Deployed aws() {
    return aws;
  }

  LocalIssuer issuer() {
    return issuer;
  }

  /** Returns a signing key that no issuer publishes. */
  LocalKey stranger() {
    return untrustedKey;
  }

  Tokens tokens() {
    return tokens;
  }

  Crowbar crowbar() {
    return rawClient.get();
  }

  Canaries canaries() {
    return canaries;
  }

  Findings findings() {
    return findings;
  }

  Ear ear() {
    return logProbe;
  }

  int port() {
    return service.port();
  }

  int managementPort() {
    return service.managementPort();
  }

  List<Resident> residents() {
    return tenants;
  }

  Resident resident(String name) {
    return tenants.stream().filter(tenant -> tenant.name().equals(name)).findFirst().orElseThrow();
  }

  Eye eye() {
    return new Eye(canaries, findings);
  }

  /** Returns a table other than the attacker's. */
  String tableBeside(Scene scene) {
    var own = scene.me().home().table();
    return placements.tables().stream()
        .filter(table -> !table.equals(own))
        .findFirst()
        .orElseThrow();
  }

  /**
   * Reports each changed or missing initial item, and each item that contains another tenant's
   * data.
   */
  void takeStock() {
    initialItems.compare(Inventory.of(this), this, findings);
  }

  @Override
  public void close() {
    service.drain();
    unsubscribe.run();
    properties.close();
    issuer.close();
    aws.close();
  }
}
