package dev.partywall.local.aws;

import static dev.partywall.local.aws.House.key;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.local.LocalDynamo;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
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

@ExtendWith(LocalDynamo.Shared.class)
class LocalAwsTest {
  private static final String ACME =
      """
      {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Resource": "*",
        "Action": ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query"],
        "Condition": {
          "ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["acme"]},
          "Null": {"dynamodb:LeadingKeys": "false"}}}}\
      """;

  private static void get(House house, DynamoDbClient client, String partition) {
    client.getItem(g -> g.tableName(house.table).key(key(partition, "a")));
  }

  @Test
  void aRefusalIsWordedAsAtAws(LocalDynamo dynamo) throws Exception {
    try (var house = new House(dynamo);
        var client = house.dynamo(house.narrowed(ACME))) {
      get(house, client, "acme");
      var refused = assertThrows(DynamoDbException.class, () -> get(house, client, "globex"));
      assertEquals("AccessDeniedException", refused.awsErrorDetails().errorCode());
      assertEquals(400, refused.statusCode());
      assertEquals(
          "User: arn:aws:sts::123456789012:assumed-role/tinker/someone is not authorized to"
              + " perform: dynamodb:GetItem on resource: "
              + house.tableArn()
              + " because no session policy allows the dynamodb:GetItem action",
          refused.awsErrorDetails().errorMessage());
    }
  }

  @Test
  void everyDecisionIsOnRecord(LocalDynamo dynamo) throws Exception {
    try (var house = new House(dynamo);
        var client = house.dynamo(house.narrowed(ACME))) {
      get(house, client, "acme");
      assertThrows(DynamoDbException.class, () -> get(house, client, "globex"));
      var record = house.aws.recorder();
      assertEquals(1, record.calls("sts:AssumeRole"));
      assertEquals(2, record.calls("dynamodb:GetItem"));
      assertEquals(1, record.passed());
      var decisions = record.decisions();
      assertEquals(List.of(true, true, false), decisions.stream().map(d -> d.allowed()).toList());
      assertEquals("dynamodb:GetItem", decisions.getLast().action());
      assertEquals(house.tableArn(), decisions.getLast().resource());
    }
  }

  @Test
  void theTinkererMayDoNothingWithoutTheRole(LocalDynamo dynamo) throws Exception {
    try (var house = new House(dynamo);
        var client = house.dynamo(House.TINKERER)) {
      assertThrows(DynamoDbException.class, () -> get(house, client, "acme"));
      assertThrows(DynamoDbException.class, client::listTables);
    }
  }

  @Test
  void eachServiceCanBeTakenAwayAndComesBack(LocalDynamo dynamo) throws Exception {
    try (var house = new House(dynamo);
        var client = house.dynamo(house.narrowed(ACME))) {
      house.aws.sts().unavailable();
      var away = assertThrows(StsException.class, () -> house.narrowed(ACME));
      assertEquals(503, away.statusCode());
      get(house, client, "acme");
      house.aws.sts().gone();
      assertThrows(SdkClientException.class, () -> house.narrowed(ACME));
      house.aws.sts().back();
      house.aws.dynamo().gone();
      house.narrowed(ACME);
      assertThrows(SdkClientException.class, () -> get(house, client, "acme"));
      house.aws.dynamo().unavailable();
      var full = assertThrows(DynamoDbException.class, () -> get(house, client, "acme"));
      assertEquals(503, full.statusCode());
      house.aws.dynamo().back();
      get(house, client, "acme");
    }
  }

  @Test
  void sessionsEndByTheClockThatIsPassedIn(LocalDynamo dynamo) throws Exception {
    var now = new AtomicReference<>(Instant.parse("2026-11-23T08:00:00Z"));
    var config =
        AwsConfig.of(
            House.REGION, House.ACCOUNT, List.of(House.tinkerer()), List.of(House.tinker()));
    try (var house = new House(dynamo, config.at(now::get));
        var client = house.dynamo(house.narrowed(ACME))) {
      now.set(now.get().plus(Duration.ofMinutes(59)));
      get(house, client, "acme");
      now.set(now.get().plus(Duration.ofMinutes(1)));
      var ended = assertThrows(DynamoDbException.class, () -> get(house, client, "acme"));
      assertEquals("ExpiredTokenException", ended.awsErrorDetails().errorCode());
    }
  }

  @Test
  void allSessionsCanBeEndedAtOnceAndUsersStay(LocalDynamo dynamo) throws Exception {
    try (var house = new House(dynamo);
        var client = house.dynamo(house.narrowed(ACME))) {
      house.aws.expireAll();
      assertThrows(DynamoDbException.class, () -> get(house, client, "acme"));
      house.narrowed(ACME);
    }
  }

  @Test
  void aTableThatWasMadeAnewIsSeenAnew(LocalDynamo dynamo) throws Exception {
    try (var house = new House(dynamo);
        var client = house.dynamo(house.narrowed(House.allow("dynamodb:*", "*")))) {
      var name = house.table + "-again";
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
  void neitherWallNorEngineListensBeyondThisMachine(LocalDynamo dynamo) throws Exception {
    try (var house = new House(dynamo)) {
      for (var address : addresses()) {
        assertFalse(accepts(address, house.aws.endpoint().getPort()), address.toString());
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
  void aSealedEngineAnswersToItsOwnKeyOnly() throws Exception {
    try (var sealed = LocalDynamo.sealed();
        var own = sealed.client();
        var other =
            DynamoDbClient.builder()
                .endpointOverride(sealed.endpoint())
                .region(Region.of(House.REGION))
                .credentialsProvider(() -> House.TINKERER)
                .build()) {
      own.listTables();
      assertThrows(DynamoDbException.class, other::listTables);
    }
  }
}
