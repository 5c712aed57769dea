package dev.partywall.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.partywall.error.ApiException;
import dev.partywall.isolation.CredentialListener;
import dev.partywall.isolation.RoleArn;
import dev.partywall.runtime.AwsClients.TenantCallObservers;
import dev.partywall.storage.Schema;
import dev.partywall.tenancy.TenantLocations;
import dev.partywall.tenancy.TestExecution;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** No response arrives from the endpoints, so DynamoDB may execute a write later. */
class OperationClientsTest {
  private static final Environment UNREACHABLE =
      new Environment(
          Map.of(
              "AWS_REGION", "eu-central-1",
              "AWS_ENDPOINT_URL", "http://127.0.0.1:1",
              "AWS_ACCESS_KEY_ID", "id",
              "AWS_SECRET_ACCESS_KEY", "secret"));

  private final AtomicInteger unknownResults = new AtomicInteger();
  private final AwsClients aws =
      new AwsClients(
          AwsSettings.from(UNREACHABLE),
          InstantSource.system(),
          new SecureRandom(),
          List.of(),
          (_, _) -> {});

  OperationClientsTest() {
    var _ =
        aws.tenantDynamo(
            new Settings.IsolationSettings(false, Optional.empty()),
            new TenantLocations("orders"),
            () -> true,
            new TenantCallObservers(
                (_, _) -> {}, unknownResults::incrementAndGet, CredentialListener.NONE),
            TestExecution::create);
  }

  @AfterEach
  void close() {
    aws.close();
  }

  @Test
  void anUnansweredPageOfAnOperationDelaysTheBarriers() {
    var client = aws.operationDynamo((_, _) -> {});
    assertThrows(
        ApiException.class,
        () -> client.transactWriteItems(write -> write.transactItems(List.of())));
    assertEquals(1, unknownResults.get());
  }

  @Test
  void anUnansweredCreationOfATableDelaysTheBarriers() {
    var client =
        aws.assumedDynamo(
            RoleArn.parse("arn:aws:iam::123456789012:role/provisioner").orElseThrow());
    assertThrows(ApiException.class, () -> describe(client));
    assertEquals(0, unknownResults.get());
    assertThrows(
        ApiException.class,
        () -> client.createTable(Schema.ofTenants("orders.acme").createRequest()));
    assertEquals(1, unknownResults.get());
  }

  private static void describe(DynamoDbClient client) {
    client.describeTable(describe -> describe.tableName("orders.acme"));
  }
}
