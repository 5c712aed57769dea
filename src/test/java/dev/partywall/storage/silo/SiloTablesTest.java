package dev.partywall.storage.silo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.local.LocalDynamo;
import dev.partywall.storage.FaultInjectingClient;
import dev.partywall.storage.FaultInjectingClient.CallHandler;
import dev.partywall.storage.FaultInjectingClient.Reply;
import dev.partywall.storage.Schema;
import dev.partywall.storage.silo.SiloTables.Progress;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.SSEType;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveStatus;

@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class SiloTablesTest {
  /** The calls that create and protect a table. */
  private static final List<String> CHANGES =
      List.of("CreateTable", "UpdateTimeToLive", "UpdateContinuousBackups");

  /** A deadline in 30 years. */
  private static final long NEVER = System.nanoTime() + Duration.ofDays(10_000).toNanos();

  private final SiloTablesFixture fixture;
  private final FaultInjectingClient proxy;
  private final Schema schema;
  private final SiloTables tables;

  SiloTablesTest(LocalDynamo dynamo) throws IOException {
    fixture = new SiloTablesFixture(dynamo);
    proxy = fixture.proxy;
    schema = Schema.ofTenants(dynamo.uniquePrefix() + "orders.acme");
    tables = new SiloTables(fixture.client);
  }

  @AfterEach
  void close() throws IOException {
    fixture.close();
  }

  @Test
  void createsActivatesAndProtectsATable() {
    assertEquals(
        List.of(Progress.CREATING, Progress.ACTIVATING, Progress.PROTECTING, Progress.COMPLETE),
        advanceToTheEnd());
    assertEquals(CHANGES, changes());
    var table = fixture.client.describeTable(describe -> describe.tableName(schema.table()));
    assertEquals(Optional.empty(), schema.difference(table.table()));
    assertEquals(true, table.table().deletionProtectionEnabled());
    assertEquals(
        TimeToLiveStatus.ENABLED,
        fixture
            .client
            .describeTimeToLive(describe -> describe.tableName(schema.table()))
            .timeToLiveDescription()
            .timeToLiveStatus());
    assertEquals(Progress.COMPLETE, tables.advance(schema, NEVER));
    assertEquals(CHANGES, changes());
  }

  private List<Progress> advanceToTheEnd() {
    var progress = new ArrayList<Progress>();
    do {
      progress.add(tables.advance(schema, NEVER));
    } while (progress.getLast() != Progress.COMPLETE && progress.size() < 20);
    return progress;
  }

  private List<String> changes() {
    return proxy.calls().stream().filter(call -> !call.startsWith("Describe")).toList();
  }

  /** The SDK repeats a call after a lost reply; an ended process leaves the call performed. */
  @ParameterizedTest
  @ValueSource(strings = {"CreateTable", "UpdateTimeToLive", "UpdateContinuousBackups"})
  void continuesAfterALostReply(String operation) {
    var handler =
        operation.equals("UpdateContinuousBackups")
            ? fixture.enablesBackups()
            : FaultInjectingClient.FORWARD;
    proxy.handleOperationWith(
        operation,
        upstream -> {
          var _ = handler.handle(upstream);
          proxy.handleOperationWith(operation, handler);
          return Optional.empty();
        });
    assertEquals(Progress.COMPLETE, advanceToTheEnd().getLast());
  }

  @Test
  void waitsForTheTableAndItsIndexes() {
    assertEquals(Progress.CREATING, tables.advance(schema, NEVER));
    for (var missing : List.of("TableStatus", "IndexStatus")) {
      var active = "\"" + missing + "\":\"ACTIVE\"";
      proxy.handleOperationWith(
          "DescribeTable", replacing(active, active.replace("ACTIVE", "CREATING")));
      assertEquals(Progress.ACTIVATING, tables.advance(schema, NEVER));
    }
    assertEquals(List.of("CreateTable"), changes());
  }

  private static CallHandler replacing(String text, String replacement) {
    return upstream -> {
      var reply = upstream.send();
      return Optional.of(new Reply(reply.status(), reply.body().replace(text, replacement)));
    };
  }

  /** DynamoDB offers backups only some seconds after the creation of a table. */
  @Test
  void repeatsTheActivationOfBackups() {
    proxy.handleOperationWith(
        "UpdateContinuousBackups",
        upstream -> {
          proxy.handleOperationWith("UpdateContinuousBackups", fixture.enablesBackups());
          return FaultInjectingClient.replyWithError(400, "ContinuousBackupsUnavailableException")
              .handle(upstream);
        });
    assertEquals(
        List.of(
            Progress.CREATING,
            Progress.ACTIVATING,
            Progress.PROTECTING,
            Progress.PROTECTING,
            Progress.COMPLETE),
        advanceToTheEnd());
  }

  @Test
  void protectsATableThatWasCreatedWithoutProtection() {
    fixture.client.createTable(encrypted());
    assertEquals(Progress.COMPLETE, advanceToTheEnd().getLast());
    assertEquals(
        List.of("CreateTable", "UpdateTimeToLive", "UpdateTable", "UpdateContinuousBackups"),
        changes());
  }

  @Test
  void rejectsATableWithAnotherKey() {
    var other = Schema.ofService(schema.table(), false).createRequest();
    fixture.client.createTable(withSortKey(other, "other"));
    assertEquals(
        "The table " + schema.table() + " exists and does not have the key pk and sk", failure());
  }

  private static CreateTableRequest withSortKey(CreateTableRequest request, String name) {
    var key = request.keySchema().get(1).toBuilder().attributeName(name).build();
    var attribute = request.attributeDefinitions().get(1).toBuilder().attributeName(name).build();
    return request.toBuilder()
        .keySchema(request.keySchema().getFirst(), key)
        .attributeDefinitions(request.attributeDefinitions().getFirst(), attribute)
        .build();
  }

  @Test
  void rejectsATableWithoutItsIndexes() {
    fixture.client.createTable(Schema.ofService(schema.table(), false).createRequest());
    assertEquals(
        "The table " + schema.table() + " exists and has no index by-i1 with the key pk and i1",
        failure());
    assertEquals(List.of("CreateTable"), changes());
  }

  private String failure() {
    return assertThrows(SiloTableException.class, () -> tables.advance(schema, NEVER)).reason();
  }

  private CreateTableRequest encrypted() {
    return schema.createRequest().toBuilder()
        .sseSpecification(sse -> sse.enabled(true).sseType(SSEType.KMS))
        .build();
  }

  @Test
  void rejectsATableThatIsNotEncryptedByKms() {
    fixture.client.createTable(schema.createRequest());
    assertEquals("The table " + schema.table() + " exists and is not encrypted by KMS", failure());
    assertEquals(List.of("CreateTable"), changes());
  }

  @Test
  void rejectsATableThatExpiresItsItemsByAnotherAttribute() {
    fixture.client.createTable(encrypted());
    fixture.client.updateTimeToLive(update ->
        update
            .tableName(schema.table())
            .timeToLiveSpecification(ttl -> ttl.enabled(true).attributeName("end")));
    assertEquals(
        "The table " + schema.table() + " exists and expires its items by the attribute end",
        failure());
  }

  @Test
  void rejectsATableWithAFurtherIndexOrAnotherTypeOfKey() {
    fixture.client.createTable(encrypted());
    proxy.handleOperationWith("DescribeTable", replacing("\"by-i2\"", "\"by-i3\""));
    assertEquals(
        "The table " + schema.table() + " exists and has no index by-i2 with the key pk and i2",
        failure());
    proxy.handleOperationWith(
        "DescribeTable",
        replacing(
            "\"AttributeName\":\"i1\",\"AttributeType\":\"S\"",
            "\"AttributeName\":\"i1\",\"AttributeType\":\"N\""));
    assertEquals(
        "The table " + schema.table() + " exists and has the key attribute i1, which is no string",
        failure());
    var further = new Schema(schema.table(), List.of("by-i1"), true);
    proxy.handleOperationWith("DescribeTable", FaultInjectingClient.FORWARD);
    assertEquals(
        "The table " + schema.table() + " exists and has the further index by-i2",
        assertThrows(SiloTableException.class, () -> tables.advance(further, NEVER)).reason());
  }

  /** DynamoDB deactivates an expiry within an hour, and rejects other changes of it until then. */
  @Test
  void waitsUntilTheFormerExpiryIsDeactivated() {
    assertEquals(Progress.CREATING, tables.advance(schema, NEVER));
    proxy.handleOperationWith(
        "DescribeTimeToLive",
        FaultInjectingClient.replyWith(
            200,
            """
            {"TimeToLiveDescription":{"TimeToLiveStatus":"DISABLING","AttributeName":"end"}}\
            """));
    assertEquals(Progress.ACTIVATING, tables.advance(schema, NEVER));
    assertEquals(List.of("CreateTable"), changes());
  }

  @ParameterizedTest
  @ValueSource(strings = {"AccessDeniedException", "ValidationException"})
  void failsIfARepetitionCannotSucceed(String code) {
    proxy.handleOperationWith("CreateTable", FaultInjectingClient.replyWithError(400, code));
    assertEquals("The table " + schema.table() + " cannot be created: " + code, failure());
  }

  @ParameterizedTest
  @CsvSource({
    "400, ThrottlingException, ThrottlingException (HTTP status 400)",
    "400, LimitExceededException, LimitExceededException (HTTP status 400)",
    "500, InternalServerError, InternalServerError (HTTP status 500)",
    "400, ExpiredTokenException, ExpiredTokenException",
    "400, CodeOfALaterRelease, CodeOfALaterRelease"
  })
  void namesTheReasonOfATemporaryFailure(int status, String code, String reason) {
    proxy.handleOperationWith("CreateTable", FaultInjectingClient.replyWithError(status, code));
    assertTemporary(reason);
    proxy.handleOperationWith("CreateTable", FaultInjectingClient.FORWARD);
    assertEquals(Progress.COMPLETE, advanceToTheEnd().getLast());
  }

  private void assertTemporary(String reason) {
    var failure = assertThrows(SiloTableException.class, () -> tables.advance(schema, NEVER));
    assertTrue(failure.isTemporary());
    assertEquals(
        "The table " + schema.table() + " is not complete yet: " + reason, failure.reason());
  }

  @Test
  void aLostResponseAndABusyTableAreTemporary() {
    proxy.handleOperationWith("CreateTable", FaultInjectingClient.DISCONNECT);
    assertTemporary("no response");
    proxy.handleOperationWith("CreateTable", FaultInjectingClient.FORWARD);
    assertEquals(Progress.CREATING, tables.advance(schema, NEVER));
    proxy.handleOperationWith(
        "UpdateTimeToLive", FaultInjectingClient.replyWithError(400, "ResourceInUseException"));
    assertTemporary("ResourceInUseException (HTTP status 400)");
  }

  @Test
  void failsIfTimeToLiveCannotBeActivated() {
    proxy.handleOperationWith(
        "UpdateTimeToLive", FaultInjectingClient.replyWithError(400, "ValidationException"));
    assertEquals(Progress.CREATING, tables.advance(schema, NEVER));
    assertEquals(
        "The table " + schema.table() + " cannot be created: ValidationException", failure());
    assertFalse(changes().contains("UpdateContinuousBackups"));
  }
}
