package dev.partywall;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.http.server.RawClient;
import dev.partywall.json.Json;
import dev.partywall.local.LocalDynamo;
import dev.partywall.runtime.ServiceFixture;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/** Tests the usage and audit commands on the data of a stopped service. */
@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class CommandLineTest {
  /** Variables that the service requires, and no command. */
  private static final List<String> UNUSED = List.of("PARTYWALL_ISSUERS", "PARTYWALL_AUDIENCE");

  private static Instant lastHour;
  private static ServiceFixture fixture;
  private static List<String> log;

  /** Runs in parallel to the tests, because it waits for 10 s before it reports a difference. */
  private static PartywallProcess reconciling;

  @TempDir Path folder;

  /** The exit status and the output of a command. */
  private record CommandResult(int status, List<String> out, List<String> err) {}

  /** Runs a service and stops it; afterwards the ledger contains all usage. */
  @BeforeAll
  static void serve(LocalDynamo dynamo) throws Exception {
    fixture = new ServiceFixture(dynamo);
    lastHour = Instant.now().truncatedTo(ChronoUnit.HOURS).minus(1, ChronoUnit.HOURS);
    var service = new PartywallProcess(fixture.environment());
    try (service) {
      assertEquals(201, place(service.awaitReady().port()));
    }
    log = service.out();
    mark(dynamo, "globex");
    reconciling = start(Map.of(), "reconcile-usage", "--tenant", "globex");
  }

  @AfterAll
  static void close() {
    reconciling.close();
    fixture.close();
  }

  @Test
  void exportsUsageAsOneEventPerLine() throws Exception {
    var result = run(Map.of(), "export-usage", period());
    assertEquals(new CommandResult(0, result.out, List.of()), result);
    var amounts = new HashMap<String, String>();
    for (var line : result.out) {
      var event = Json.parse(line.getBytes(StandardCharsets.UTF_8));
      assertEquals("1.0", event.path("specversion").textValue());
      assertEquals("acme", event.path("subject").textValue());
      assertEquals(
          "arn:aws:dynamodb:eu-central-1:123456789012:table/" + fixture.prefix + "usage",
          event.path("source").textValue());
      amounts.put(event.at("/data/meter").textValue(), event.at("/data/value").asText());
    }
    assertEquals("1", amounts.get("ordersPlaced"), amounts::toString);
    assertEquals("1", amounts.get("requests"), amounts::toString);
  }

  @Test
  void reconciliationWithoutDifferencesExitsWith0() throws Exception {
    var result = run(Map.of(), "reconcile-usage", List.of("--tenant", "acme"));
    assertEquals(0, result.status, result::toString);
    assertEquals(List.of(), result.err);
    assertTrue(result.out.getLast().matches("\\d+ hours compared, 0 differ"), result::toString);
    assertEquals(1, result.out.size(), result::toString);
  }

  @Test
  @Order(Integer.MAX_VALUE) // while it waits, the other tests run
  void reconciliationReportsADifferenceAndExitsWith1() {
    var result = end(reconciling);
    assertEquals(1, result.status, result::toString);
    assertEquals("globex " + lastHour + " ordersPlaced ledger=0 counted=1", result.out.getFirst());
    assertTrue(result.out.getLast().endsWith(" hours compared, 1 differ"), result::toString);
    assertEquals(List.of(), result.err);
  }

  @Test
  void reportsInvalidOptionsOnStandardErrorAndExitsWith2() throws Exception {
    var export = run(Map.of(), "export-usage", List.of("--from", "yesterday"));
    assertEquals(new CommandResult(2, List.of(), export.err), export);
    assertEquals(2, export.err.size(), export::toString);
    assertTrue(export.err.getFirst().startsWith("--from: "), export::toString);
    assertEquals("--to: is required", export.err.getLast());
    var reconcile = run(Map.of(), "reconcile-usage", List.of("--tenant", "Ac_me"));
    assertEquals(
        new CommandResult(2, List.of(), List.of("--tenant: must be a tenant id")), reconcile);
  }

  @Test
  void invalidConfigurationExitsWith2() throws Exception {
    var invalid = Map.of("PARTYWALL_TABLE_PREFIX", "a/b", "PARTYWALL_SERVICE", "My orders");
    var export = run(invalid, "export-usage", List.of());
    assertInvalid(List.of("--from", "--to", "PARTYWALL_TABLE_PREFIX"), export);
    var reconciliation = run(invalid, "reconcile-usage", List.of());
    assertInvalid(List.of("PARTYWALL_SERVICE", "PARTYWALL_TABLE_PREFIX"), reconciliation);
  }

  private static void assertInvalid(List<String> variables, CommandResult result) {
    assertEquals(2, result.status, result::toString);
    assertEquals(List.of(), result.out);
    var named = result.err.stream().map(line -> line.substring(0, line.indexOf(':'))).toList();
    assertEquals(variables, named, result::toString);
  }

  /** The other commands of this test run without the variables that they do not use. */
  @Test
  void reconciliationRequiresTheRoleOfTheTenants() throws Exception {
    var result = run(Map.of("PARTYWALL_TENANT_ROLE_ARN", ""), "reconcile-usage", List.of());
    assertEquals(2, result.status, result::toString);
    assertEquals(1, result.err.size(), result::toString);
    assertTrue(
        result.err.getFirst().startsWith("PARTYWALL_TENANT_ROLE_ARN: is required"),
        result::toString);
    var export = run(Map.of("PARTYWALL_TENANT_ROLE_ARN", ""), "export-usage", period());
    assertEquals(0, export.status, export::toString);
  }

  @Test
  void unreachableDynamoExitsWith3() throws Exception {
    var unreachable = Map.of("AWS_ENDPOINT_URL_DYNAMODB", "http://127.0.0.1:9");
    assertNoResult(run(unreachable, "reconcile-usage", List.of("--tenant", "acme")));
  }

  /** A failure must not have the exit status of a difference, which is 1. */
  @Test
  void missingOrForeignTableExitsWith3(LocalDynamo dynamo) throws Exception {
    try (var other = new ServiceFixture(dynamo);
        var engine = dynamo.client()) {
      var name = other.prefix + "usage";
      engine.deleteTable(delete -> delete.tableName(name));
      assertNoResult(end(new PartywallProcess(other.environment(), "reconcile-usage")));
      engine.createTable(create ->
          create
              .tableName(name)
              .billingMode(BillingMode.PAY_PER_REQUEST)
              .keySchema(
                  KeySchemaElement.builder().attributeName("id").keyType(KeyType.HASH).build())
              .attributeDefinitions(
                  AttributeDefinition.builder()
                      .attributeName("id")
                      .attributeType(ScalarAttributeType.S)
                      .build()));
      assertNoResult(end(new PartywallProcess(other.environment(), "reconcile-usage")));
    }
  }

  @Test
  void verifiesAnAuditLogAndLocatesAMissingLine() throws Exception {
    var complete = Files.write(folder.resolve("complete.log"), log).toString();
    var result = run(Map.of(), "verify-audit", List.of(complete));
    assertEquals(0, result.status, result::toString);
    assertTrue(
        result.out.getLast().matches("[1-9]\\d* entries in 1 chains, 0 faults"), result::toString);
    var cut = new ArrayList<>(log);
    cut.removeIf(line -> line.contains("\"logger\":\"audit\"") && line.contains("/orders"));
    assertTrue(cut.size() < log.size());
    var damaged = Files.write(folder.resolve("cut.log"), cut).toString();
    var broken = run(Map.of(), "verify-audit", List.of(damaged));
    assertEquals(1, broken.status, broken::toString);
    assertTrue(broken.out.getFirst().startsWith(damaged + ":"), broken::toString);
    assertEquals(List.of(), broken.err);
  }

  @Test
  void missingLogFileIsReportedAndExitsWith2() throws Exception {
    var result = run(Map.of(), "verify-audit", List.of("/nowhere/a.log"));
    assertEquals(2, result.status, result::toString);
    assertEquals(List.of(), result.out);
    assertTrue(
        result.err.getFirst().startsWith("/nowhere/a.log: cannot be read"), result::toString);
  }

  private static List<String> period() {
    var to = lastHour.plus(1, ChronoUnit.DAYS);
    return List.of("--from", lastHour.toString(), "--to", to.toString());
  }

  private static void assertNoResult(CommandResult result) {
    assertEquals(3, result.status, result::toString);
    assertEquals(List.of(), result.out);
    assertEquals(1, result.err.size(), result::toString);
    assertTrue(result.err.getFirst().startsWith("AWS "), result::toString);
  }

  private static int place(int port) throws IOException {
    var order =
        "{\"currency\":\"EUR\",\"items\":[{\"sku\":\"A\",\"name\":\"B\",\"quantity\":1,\"unitPrice\":1}]}";
    var message =
        "POST /orders HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            + ("Authorization: Bearer " + fixture.token("acme", "alice") + "\r\n")
            + ("Content-Length: " + order.length() + "\r\n\r\n" + order);
    try (var client = new RawClient(port)) {
      return client.send(message.getBytes(StandardCharsets.ISO_8859_1)).read().status();
    }
  }

  /** Writes the mark of an order that the ledger does not contain. */
  private static void mark(LocalDynamo dynamo, String tenant) {
    var hour = lastHour.toString().substring(0, "2026-11-24T08".length());
    try (var engine = dynamo.client()) {
      engine.putItem(put ->
          put.tableName(fixture.prefix + "orders")
              .item(
                  Map.of(
                      "pk", AttributeValue.fromS(tenant),
                      "sk", AttributeValue.fromS(".mark#ordersPlaced#" + hour + "#x"))));
    }
  }

  private static CommandResult run(
      Map<String, String> changed, String command, List<String> options) throws IOException {
    var arguments = new ArrayList<>(List.of(command));
    arguments.addAll(options);
    return end(start(changed, arguments.toArray(String[]::new)));
  }

  private static PartywallProcess start(Map<String, String> changed, String... arguments)
      throws IOException {
    var environment = new HashMap<>(fixture.environment());
    UNUSED.forEach(environment::remove);
    environment.putAll(changed);
    return new PartywallProcess(environment, arguments);
  }

  private static CommandResult end(PartywallProcess process) {
    var status = process.awaitExit();
    return new CommandResult(status, process.out(), process.err());
  }
}
