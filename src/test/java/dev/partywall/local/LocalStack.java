package dev.partywall.local;

import dev.partywall.metering.Ledger;
import dev.partywall.metering.Metering;
import dev.partywall.metering.UsageTable;
import dev.partywall.storage.Tables;
import dev.partywall.tenancy.Placement;
import dev.partywall.tenancy.Placements;
import dev.partywall.tenancy.PlacementsFile;
import dev.partywall.tenancy.TenantId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;

/**
 * All that the service needs, on this machine: DynamoDB Local behind a wall that evaluates IAM
 * policies, an STS, an OIDC issuer, some tenants with orders; and the service. For people: {@code
 * ./mvnw -Plocal}.
 */
public final class LocalStack {
  private static final String PREFIX = "partywall-";

  /** What the first instance is told about tenants, a second one has to be told, too. */
  private static final List<String> PASSED_ON =
      List.of("PARTYWALL_PLACEMENTS", "PARTYWALL_PRICES", "PARTYWALL_TENANT_DOMAIN");

  private LocalStack() {}

  /** Runs until it is told to stop; the argument is the folder with the jar. */
  public static void main(String[] args) throws Exception {
    System.exit(run(Path.of(args[0]), System.getenv()));
  }

  private static int run(Path target, Map<String, String> env) throws Exception {
    LocalPorts ports;
    try {
      ports = LocalPorts.from(env);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      return 2;
    }
    if (!ports.faults().isEmpty()) {
      ports.faults().forEach(System.err::println);
      return 2;
    }
    return run(target, env, ports.settled());
  }

  private static int run(Path target, Map<String, String> env, LocalPorts ports) throws Exception {
    say("Starting DynamoDB Local, in memory …");
    var prefix = env.getOrDefault("PARTYWALL_TABLE_PREFIX", PREFIX);
    try (var engine = LocalDynamo.sealed();
        var issuer = LocalIssuer.start(ports.issuer(), InstantSource.system());
        var account = new LocalAccount(ports.aws(), engine, Map.of("TablePrefix", prefix))) {
      say("Placing sample orders for acme, globex and initech …");
      furnish(engine, prefix, new Placements(prefix, placements(env)), target);
      var variables = variables(issuer, account, prefix, env);
      write(target.resolve("local.env"), variables, account);
      say("Starting the service …");
      return serve(target, env, variables, ports);
    }
  }

  private static void furnish(LocalDynamo engine, String prefix, Placements placements, Path target)
      throws Exception {
    var clock = InstantSource.system();
    try (var client = engine.client()) {
      new Tables(client, placements).createMissing();
      new UsageTable(client, prefix).createMissing();
      createTenants(client, prefix);
      var ledger = new Ledger(client, prefix, clock, new SecureRandom());
      // Only so that the service counts these orders, too.
      try (var metering =
          Metering.open(target.resolve("sample-journal"), ledger, Metering.Sources.SYSTEM)) {
        new SampleOrders(client, placements, metering.marks(), clock.instant()).place();
      }
    }
  }

  private static void createTenants(DynamoDbClient client, String prefix) {
    client.createTable(it ->
        it.tableName(prefix + "tenants")
            .billingMode(BillingMode.PAY_PER_REQUEST)
            .attributeDefinitions(
                AttributeDefinition.builder().attributeName("pk").attributeType("S").build(),
                AttributeDefinition.builder().attributeName("sk").attributeType("S").build())
            .keySchema(
                KeySchemaElement.builder().attributeName("pk").keyType(KeyType.HASH).build(),
                KeySchemaElement.builder().attributeName("sk").keyType(KeyType.RANGE).build()));
  }

  /** The same file that the service will read, so that silos have their tables. */
  private static Map<TenantId, Placement> placements(Map<String, String> env) throws IOException {
    var file = env.getOrDefault("PARTYWALL_PLACEMENTS", "");
    return file.isEmpty()
        ? Map.of()
        : PlacementsFile.parse(Files.readAllBytes(Path.of(file)), System.err::println);
  }

  private static Map<String, String> variables(
      LocalIssuer issuer, LocalAccount account, String prefix, Map<String, String> env) {
    var variables = new TreeMap<>(account.serviceVariables());
    variables.put("PARTYWALL_ISSUERS", issuer.name());
    variables.put("PARTYWALL_AUDIENCE", LocalIssuer.AUDIENCE);
    variables.put("PARTYWALL_TABLE_PREFIX", prefix);
    PASSED_ON.stream().filter(env::containsKey).forEach(name -> variables.put(name, env.get(name)));
    return variables;
  }

  /** For a second instance: ports of its own, and a journal of its own. */
  private static void write(Path file, Map<String, String> variables, LocalAccount account)
      throws IOException {
    var second = new TreeMap<>(variables);
    second.put("PARTYWALL_PORT", "0");
    second.put("PARTYWALL_MANAGEMENT_PORT", "0");
    second.put(
        "PARTYWALL_JOURNAL_DIR", file.resolveSibling("second-journal").toAbsolutePath().toString());
    second.put("AWS_DEFAULT_REGION", second.get("AWS_REGION")); // for what is no SDK of today
    second.putAll(account.tinkererVariables());
    Files.writeString(
        file,
        second.entrySet().stream()
            .map(entry -> entry.getKey() + "=" + entry.getValue() + "\n")
            .collect(Collectors.joining()));
  }

  private static int serve(
      Path target, Map<String, String> env, Map<String, String> variables, LocalPorts ports)
      throws Exception {
    var own = new TreeMap<>(variables);
    own.put("PARTYWALL_PORT", String.valueOf(ports.service()));
    own.put("PARTYWALL_MANAGEMENT_PORT", String.valueOf(ports.management()));
    own.put(
        "PARTYWALL_JOURNAL_DIR",
        env.getOrDefault("PARTYWALL_JOURNAL_DIR", target.resolve("journal").toString()));
    try (var service =
        new ServiceProcess(target.resolve("partywall.jar"), own, ports.management())) {
      Runtime.getRuntime().addShutdownHook(new Thread(service::close));
      if (service.awaitReady()) {
        say(ClosingWords.of(ports, variables, target));
      }
      return service.await();
    }
  }

  private static void say(String words) {
    System.out.println(words);
  }
}
