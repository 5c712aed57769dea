package dev.partywall.local;

import dev.partywall.error.Faults;
import dev.partywall.metering.Metering;
import dev.partywall.metering.ledger.Ledger;
import dev.partywall.storage.Schema;
import dev.partywall.storage.TableProvisioning;
import dev.partywall.tenancy.Placement;
import dev.partywall.tenancy.Placements;
import dev.partywall.tenancy.PlacementsFile;
import dev.partywall.tenancy.TenantId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;

/**
 * All dependencies of the service on this machine: DynamoDB Local behind the local IAM enforcer, an
 * STS, an OIDC issuer, and sample tenants with orders.
 *
 * @param variables the environment variables that point the service to them
 */
record LocalDependencies(
    LocalDynamo engine, LocalOidcIssuer issuer, LocalAccount account, Map<String, String> variables)
    implements AutoCloseable {
  private static final String PREFIX = "partywall-";

  /** Tenant settings of the first instance that a second instance needs as well. */
  private static final List<String> FORWARDED =
      List.of("PARTYWALL_PLACEMENTS", "PARTYWALL_PRICES", "PARTYWALL_TENANT_DOMAIN");

  /**
   * Starts all dependencies.
   *
   * @param env may name a table prefix and a placements file
   * @param folder for temporary files
   */
  static LocalDependencies open(Map<String, String> env, LocalPorts ports, Path folder)
      throws Exception {
    var prefix = env.getOrDefault("PARTYWALL_TABLE_PREFIX", PREFIX);
    var placements = new Placements(prefix + "orders", placements(env));
    var opened = new ArrayDeque<Runnable>();
    // Generated in the background, because an RSA key takes as long as the engine's start.
    var key = CompletableFuture.supplyAsync(LocalOidcIssuer::newKey);
    try {
      var engine = LocalDynamo.startRestricted();
      opened.push(engine::close);
      var account = new LocalAccount(ports.aws(), engine, Map.of("TablePrefix", prefix));
      opened.push(account::close);
      seed(engine, prefix, placements, folder);
      var issuer = LocalOidcIssuer.start(ports.issuer(), InstantSource.system(), key.join());
      opened.push(issuer::close);
      return new LocalDependencies(
          engine, issuer, account, variables(issuer, account, prefix, env));
    } catch (Exception e) {
      opened.forEach(Runnable::run); // Open listeners would keep the process alive.
      throw e;
    }
  }

  private static void seed(LocalDynamo engine, String prefix, Placements placements, Path folder)
      throws Exception {
    var clock = InstantSource.system();
    try (var client = engine.client()) {
      new TableProvisioning(client, Schema.ofTenants(placements)).createMissing();
      new TableProvisioning(client, List.of(Ledger.schema(prefix))).createMissing();
      createTenants(client, prefix);
      var ledger = new Ledger(client, prefix, clock, new SecureRandom());
      var sources = new Metering.Sources(clock, System::nanoTime, UUID::randomUUID);
      // Counts the sample orders in the usage ledger.
      try (var metering = Metering.open(folder.resolve("sample-journal"), ledger, sources)) {
        OrderSeeder.placeOrders(
            client, placements, metering.countedWriteListener(), clock.instant());
      }
    }
  }

  private static void createTenants(DynamoDbClient client, String prefix) {
    client.createTable(request ->
        request
            .tableName(prefix + "tenants")
            .billingMode(BillingMode.PAY_PER_REQUEST)
            .attributeDefinitions(
                AttributeDefinition.builder().attributeName("pk").attributeType("S").build(),
                AttributeDefinition.builder().attributeName("sk").attributeType("S").build())
            .keySchema(
                KeySchemaElement.builder().attributeName("pk").keyType(KeyType.HASH).build(),
                KeySchemaElement.builder().attributeName("sk").keyType(KeyType.RANGE).build()));
  }

  /** Reads the placements file that the service uses, to create the tables of silos. */
  private static Map<TenantId, Placement> placements(Map<String, String> env) throws IOException {
    var file = env.getOrDefault("PARTYWALL_PLACEMENTS", "");
    if (file.isEmpty()) {
      return Map.of();
    }
    var faults = new Faults();
    var placements = PlacementsFile.parse(Files.readAllBytes(Path.of(file)), faults);
    faults.lines().forEach(System.err::println);
    return placements;
  }

  private static Map<String, String> variables(
      LocalOidcIssuer issuer, LocalAccount account, String prefix, Map<String, String> env) {
    var variables = new TreeMap<>(account.serviceVariables());
    variables.put("PARTYWALL_ISSUERS", issuer.name());
    variables.put("PARTYWALL_AUDIENCE", LocalOidcIssuer.AUDIENCE);
    variables.put("PARTYWALL_TABLE_PREFIX", prefix);
    FORWARDED.stream().filter(env::containsKey).forEach(name -> variables.put(name, env.get(name)));
    return variables;
  }

  @Override
  public void close() {
    try (engine;
        issuer) {
      account.close();
    }
  }
}
