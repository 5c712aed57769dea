package dev.partywall.local.aws;

import static dev.partywall.local.aws.LocalAwsFixture.key;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.concurrent.Conditions;
import dev.partywall.local.LocalDynamo;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.sts.model.StsException;

@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class LocalAwsTest {
  private static final String ACME =
      """
      {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Resource": "*",
        "Action": ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query"],
        "Condition": {
          "ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["acme"]},
          "Null": {"dynamodb:LeadingKeys": "false"}}}}\
      """;

  private static void get(LocalAwsFixture fixture, DynamoDbClient client, String partition) {
    client.getItem(g -> g.tableName(fixture.table).key(key(partition, "a")));
  }

  @Test
  void wordsAnAccessDeniedErrorAsAwsDoes(LocalDynamo dynamo) throws Exception {
    try (var fixture = new LocalAwsFixture(dynamo);
        var client = fixture.dynamo(fixture.restrictedCredentials(ACME))) {
      get(fixture, client, "acme");
      var denied = assertThrows(DynamoDbException.class, () -> get(fixture, client, "globex"));
      assertEquals("AccessDeniedException", denied.awsErrorDetails().errorCode());
      assertEquals(400, denied.statusCode());
      assertEquals(
          "User: arn:aws:sts::123456789012:assumed-role/tinker/someone is not authorized to"
              + " perform: dynamodb:GetItem on resource: "
              + fixture.tableArn()
              + " because no session policy allows the dynamodb:GetItem action",
          denied.awsErrorDetails().errorMessage());
    }
  }

  @Test
  void recordsEveryDecision(LocalDynamo dynamo) throws Exception {
    try (var fixture = new LocalAwsFixture(dynamo);
        var client = fixture.dynamo(fixture.restrictedCredentials(ACME))) {
      get(fixture, client, "acme");
      assertThrows(DynamoDbException.class, () -> get(fixture, client, "globex"));
      var recorder = fixture.aws.recorder();
      assertEquals(1, recorder.callCount("sts:AssumeRole"));
      assertEquals(2, recorder.callCount("dynamodb:GetItem"));
      assertEquals(1, recorder.forwardedCount());
      var decisions = recorder.decisions();
      assertEquals(
          List.of(true, true, false),
          decisions.stream().map(decision -> decision.allowed()).toList());
      assertEquals("dynamodb:GetItem", decisions.getLast().action());
      assertEquals(fixture.tableArn(), decisions.getLast().resource());
    }
  }

  /** With ForAllValues alone, a statement whose keys are not listed would pass. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          pk IN ['acme']                  | true
          pk = 'acme' OR pk IN ['acme']   | true
          pk IN ['acme', 'globex']        | false
          pk IN ('acme', 'globex')        | false
          pk = 'acme' OR pk = 'globex'    | false
          """)
  void authorizesEveryPartitionKeyOfAStatement(String where, boolean allowed, LocalDynamo dynamo)
      throws Exception {
    var policy = ACME.replace("dynamodb:GetItem", "dynamodb:PartiQLSelect");
    var withoutNull = policy.substring(0, policy.lastIndexOf(",")) + "}}}";
    try (var fixture = new LocalAwsFixture(dynamo);
        var client = fixture.dynamo(fixture.restrictedCredentials(withoutNull))) {
      var statement = "SELECT * FROM \"" + fixture.table + "\" WHERE " + where;
      assertEquals(
          allowed,
          LocalAwsFixture.isAllowed(
              () -> client.executeStatement(sql -> sql.statement(statement))));
    }
  }

  @Test
  void deniesTheSandboxUserWithoutTheRole(LocalDynamo dynamo) throws Exception {
    try (var fixture = new LocalAwsFixture(dynamo);
        var client = fixture.dynamo(LocalAwsFixture.SANDBOX_USER_KEY)) {
      assertThrows(DynamoDbException.class, () -> get(fixture, client, "acme"));
      assertThrows(DynamoDbException.class, client::listTables);
    }
  }

  @Test
  void eachServiceCanFailAndRecover(LocalDynamo dynamo) throws Exception {
    try (var fixture = new LocalAwsFixture(dynamo);
        var client = fixture.dynamo(fixture.restrictedCredentials(ACME))) {
      fixture.aws.stsFaults().respondUnavailable();
      var unavailable = assertThrows(StsException.class, () -> fixture.restrictedCredentials(ACME));
      assertEquals(503, unavailable.statusCode());
      get(fixture, client, "acme");
      fixture.aws.stsFaults().dropConnections();
      assertThrows(SdkClientException.class, () -> fixture.restrictedCredentials(ACME));
      fixture.aws.stsFaults().restore();
      fixture.aws.dynamoFaults().dropConnections();
      fixture.restrictedCredentials(ACME);
      assertThrows(SdkClientException.class, () -> get(fixture, client, "acme"));
      fixture.aws.dynamoFaults().respondUnavailable();
      var dynamoUnavailable =
          assertThrows(DynamoDbException.class, () -> get(fixture, client, "acme"));
      assertEquals(503, dynamoUnavailable.statusCode());
      fixture.aws.dynamoFaults().restore();
      get(fixture, client, "acme");
    }
  }

  @Test
  void restoringRejectsADelayedCallWithoutExecutingIt(LocalDynamo dynamo) throws Exception {
    try (var fixture = new LocalAwsFixture(dynamo);
        var client = fixture.dynamo(fixture.restrictedCredentials(ACME))) {
      var faults = fixture.aws.dynamoFaults();
      var recorder = fixture.aws.recorder();
      faults.delayResponses(Duration.ofMinutes(10));
      var delayed =
          CompletableFuture.runAsync(
              () -> get(fixture, client, "acme"), Thread::startVirtualThread);
      while (recorder.callCount("dynamodb:GetItem") == 0) {
        Conditions.pause();
      }
      recorder.clear();
      faults.restore();
      var rejected = assertThrows(CompletionException.class, delayed::join);
      assertEquals(503, ((DynamoDbException) rejected.getCause()).statusCode());
      assertEquals(List.of(), recorder.decisions());
    }
  }

  @Test
  void sessionsExpireByTheConfiguredClock(LocalDynamo dynamo) throws Exception {
    var now = new AtomicReference<>(Instant.parse("2026-11-23T08:00:00Z"));
    var config =
        AwsConfig.of(
            LocalAwsFixture.REGION,
            LocalAwsFixture.ACCOUNT,
            List.of(LocalAwsFixture.sandboxUser()),
            List.of(LocalAwsFixture.sandboxRole()));
    try (var fixture = new LocalAwsFixture(dynamo, config.withClock(now::get));
        var client = fixture.dynamo(fixture.restrictedCredentials(ACME))) {
      now.set(now.get().plus(Duration.ofMinutes(59)));
      get(fixture, client, "acme");
      now.set(now.get().plus(Duration.ofMinutes(1)));
      var expired = assertThrows(DynamoDbException.class, () -> get(fixture, client, "acme"));
      assertEquals("ExpiredTokenException", expired.awsErrorDetails().errorCode());
    }
  }

  @Test
  void expiresAllSessionsButNoUsers(LocalDynamo dynamo) throws Exception {
    try (var fixture = new LocalAwsFixture(dynamo);
        var client = fixture.dynamo(fixture.restrictedCredentials(ACME))) {
      fixture.aws.expireAll();
      assertThrows(DynamoDbException.class, () -> get(fixture, client, "acme"));
      fixture.restrictedCredentials(ACME);
    }
  }

  @Test
  void readsTheNewSchemaOfARecreatedTable(LocalDynamo dynamo) throws Exception {
    try (var fixture = new LocalAwsFixture(dynamo);
        var client =
            fixture.dynamo(
                fixture.restrictedCredentials(LocalAwsFixture.allowPolicy("dynamodb:*", "*")))) {
      var name = fixture.table + "-again";
      create(client, name, "pk");
      assertTrue(
          client
              .describeTable(d -> d.tableName(name))
              .table()
              .tableArn()
              .endsWith(":123456789012:table/" + name));
      client.deleteTable(d -> d.tableName(name));
      create(client, name, "owner");
      client.getItem(g -> g.tableName(name).key(Map.of("owner", key("acme", "a").get("pk"))));
    }
  }

  private static void create(DynamoDbClient client, String name, String partition) {
    client.createTable(t ->
        t.tableName(name)
            .billingMode(BillingMode.PAY_PER_REQUEST)
            .keySchema(
                KeySchemaElement.builder().attributeName(partition).keyType(KeyType.HASH).build())
            .attributeDefinitions(
                AttributeDefinition.builder()
                    .attributeName(partition)
                    .attributeType(ScalarAttributeType.S)
                    .build()));
  }

  @Test
  void listensOnTheLoopbackInterfaceOnly(LocalDynamo dynamo) throws Exception {
    try (var fixture = new LocalAwsFixture(dynamo)) {
      for (var address : addresses()) {
        assertFalse(accepts(address, fixture.aws.endpoint().getPort()), address.toString());
        assertFalse(accepts(address, dynamo.endpoint().getPort()), address.toString());
      }
    }
  }

  private static List<InetAddress> addresses() throws Exception {
    return NetworkInterface.networkInterfaces()
        .flatMap(NetworkInterface::inetAddresses)
        .filter(address -> !address.isLoopbackAddress())
        .toList();
  }

  private static boolean accepts(InetAddress address, int port) {
    try (var socket = new Socket(address, port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void aRestrictedEngineAcceptsItsOwnKeyOnly() throws Exception {
    try (var engine = LocalDynamo.startRestricted();
        var own = engine.client();
        var other =
            DynamoDbClient.builder()
                .endpointOverride(engine.endpoint())
                .region(Region.of(LocalAwsFixture.REGION))
                .credentialsProvider(() -> LocalAwsFixture.SANDBOX_USER_KEY)
                .build()) {
      own.listTables();
      assertThrows(DynamoDbException.class, other::listTables);
    }
  }
}
