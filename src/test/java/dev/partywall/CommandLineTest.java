package dev.partywall;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.http.Json;
import dev.partywall.http.RawClient;
import dev.partywall.local.LocalDynamo;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/** What finance and auditors run, as they run it, on what a service has left behind. */
@ExtendWith(LocalDynamo.Shared.class)
class CommandLineTest {
  private static Instant anHourAgo;
  private static Premises premises;
  private static List<String> log;

  /** It waits for 10 s before it calls it a difference, and others go on meanwhile. */
  private static OwnProcess comparing;

  @TempDir Path folder;

  /** How it ended. */
  private record Ended(int status, List<String> out, List<String> err) {}

  /** A service serves, is told to stop, and has everything in its ledger then. */
  @BeforeAll
  static void serve(LocalDynamo dynamo) throws Exception {
    premises = new Premises(dynamo);
    anHourAgo = Instant.now().truncatedTo(ChronoUnit.HOURS).minus(1, ChronoUnit.HOURS);
    var service = new OwnProcess(premises.environment());
    try (service) {
      assertEquals(201, place(service.awaitReady().port()));
    }
    log = service.out();
    mark(dynamo, "globex");
    comparing = start(Map.of(), "reconcile-usage", "--tenant", "globex");
  }

  @AfterAll
  static void close() {
    comparing.close();
    premises.close();
  }

  @Test
  void usageIsExportedAsEventsOneALine() throws Exception {
    var ended = run(Map.of(), "export-usage", period());
    assertEquals(new Ended(0, ended.out, List.of()), ended);
    var amounts = new HashMap<String, String>();
    for (var line : ended.out) {
      var event = Json.parse(line.getBytes(StandardCharsets.UTF_8));
      assertEquals("1.0", event.path("specversion").textValue());
      assertEquals("acme", event.path("subject").textValue());
      amounts.put(event.at("/data/meter").textValue(), event.at("/data/value").asText());
    }
    assertEquals("1", amounts.get("ordersPlaced"), amounts::toString);
    assertEquals("1", amounts.get("requests"), amounts::toString);
  }

  @Test
  void booksThatAgreeAreSaidToAndExit0() throws Exception {
    var ended = run(Map.of(), "reconcile-usage", List.of("--tenant", "acme"));
    assertEquals(0, ended.status, ended::toString);
    assertEquals(List.of(), ended.err);
    assertTrue(ended.out.getLast().matches("\\d+ hours compared, 0 differ"), ended::toString);
    assertEquals(1, ended.out.size(), ended::toString);
  }

  @Test
  void aDifferenceIsToldAndExits1() {
    var ended = end(comparing);
    assertEquals(1, ended.status, ended::toString);
    assertEquals("globex " + anHourAgo + " ledger=0 orders=1", ended.out.getFirst());
    assertTrue(ended.out.getLast().endsWith(" hours compared, 1 differ"), ended::toString);
    assertEquals(List.of(), ended.err);
  }

  @Test
  void optionsThatDoNotHoldAreToldOnStandardErrorAndExit2() throws Exception {
    var export = run(Map.of(), "export-usage", List.of("--from", "yesterday"));
    assertEquals(new Ended(2, List.of(), export.err), export);
    assertEquals(2, export.err.size(), export::toString);
    assertTrue(export.err.getFirst().startsWith("--from: "), export::toString);
    assertEquals("--to: is required", export.err.getLast());
    var reconcile = run(Map.of(), "reconcile-usage", List.of("--tenant", "Ac_me"));
    assertEquals(new Ended(2, List.of(), List.of("--tenant: not a tenant's name")), reconcile);
  }

  @Test
  void aConfigurationThatDoesNotHoldExits2() throws Exception {
    var ended = run(Map.of("PARTYWALL_ISSUERS", "nowhere"), "export-usage", period());
    assertEquals(2, ended.status, ended::toString);
    assertEquals(List.of(), ended.out);
    assertTrue(ended.err.getFirst().startsWith("PARTYWALL_ISSUERS: "), ended::toString);
  }

  @Test
  void nobodyAtDynamosAddressExits3() throws Exception {
    var nobody = Map.of("AWS_ENDPOINT_URL_DYNAMODB", "http://127.0.0.1:9");
    assertNothingFound(run(nobody, "reconcile-usage", List.of("--tenant", "acme")));
  }

  /** Nothing that was found out may be taken for a difference, which is 1. */
  @Test
  void aTableThatIsMissingOrAnotherExits3(LocalDynamo dynamo) throws Exception {
    try (var other = new Premises(dynamo);
        var engine = dynamo.client()) {
      var name = other.prefix + "usage";
      engine.deleteTable(it -> it.tableName(name));
      assertNothingFound(end(new OwnProcess(other.environment(), "reconcile-usage")));
      engine.createTable(it ->
          it.tableName(name)
              .billingMode(BillingMode.PAY_PER_REQUEST)
              .keySchema(
                  KeySchemaElement.builder().attributeName("id").keyType(KeyType.HASH).build())
              .attributeDefinitions(
                  AttributeDefinition.builder()
                      .attributeName("id")
                      .attributeType(ScalarAttributeType.S)
                      .build()));
      assertNothingFound(end(new OwnProcess(other.environment(), "reconcile-usage")));
    }
  }

  @Test
  void anAuditIsWholeOrWhereItIsCutIsSaid() throws Exception {
    var whole = Files.write(folder.resolve("whole.log"), log).toString();
    var ended = run(Map.of(), "verify-audit", List.of(whole));
    assertEquals(0, ended.status, ended::toString);
    assertTrue(
        ended.out.getLast().matches("[1-9]\\d* entries in 1 chains, 0 faults"), ended::toString);
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
  void aLogThatIsNotThereIsToldOnStandardErrorAndExits2() throws Exception {
    var ended = run(Map.of(), "verify-audit", List.of("/nowhere/a.log"));
    assertEquals(2, ended.status, ended::toString);
    assertEquals(List.of(), ended.out);
    assertTrue(ended.err.getFirst().startsWith("/nowhere/a.log: can't be read"), ended::toString);
  }

  private static List<String> period() {
    var to = anHourAgo.plus(1, ChronoUnit.DAYS);
    return List.of("--from", anHourAgo.toString(), "--to", to.toString());
  }

  private static void assertNothingFound(Ended ended) {
    assertEquals(3, ended.status, ended::toString);
    assertEquals(List.of(), ended.out);
    assertEquals(1, ended.err.size(), ended::toString);
    assertTrue(ended.err.getFirst().startsWith("AWS "), ended::toString);
  }

  private static int place(int port) throws IOException {
    var order =
        "{\"currency\":\"EUR\",\"items\":[{\"sku\":\"A\",\"name\":\"B\",\"quantity\":1,\"unitPrice\":1}]}";
    var message =
        "POST /orders HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            + ("Authorization: Bearer " + premises.token("acme", "alice") + "\r\n")
            + ("Content-Length: " + order.length() + "\r\n\r\n" + order);
    try (var client = new RawClient(port)) {
      return client.send(message.getBytes(StandardCharsets.ISO_8859_1)).read().status();
    }
  }

  /** An order's mark, of which the ledger has never heard. */
  private static void mark(LocalDynamo dynamo, String tenant) {
    var hour = anHourAgo.toString().substring(0, "2026-11-24T08".length());
    try (var engine = dynamo.client()) {
      engine.putItem(it ->
          it.tableName(premises.prefix + "orders")
              .item(
                  Map.of(
                      "pk", AttributeValue.fromS(tenant),
                      "sk", AttributeValue.fromS(".mark#ordersPlaced#" + hour + "#x"))));
    }
  }

  private static Ended run(Map<String, String> changed, String command, List<String> options)
      throws IOException {
    var arguments = new ArrayList<>(List.of(command));
    arguments.addAll(options);
    return end(start(changed, arguments.toArray(String[]::new)));
  }

  private static OwnProcess start(Map<String, String> changed, String... arguments)
      throws IOException {
    var environment = new HashMap<>(premises.environment());
    environment.putAll(changed);
    return new OwnProcess(environment, arguments);
  }

  private static Ended end(OwnProcess process) {
    var status = process.awaitEnd();
    return new Ended(status, process.out(), process.err());
  }
}
