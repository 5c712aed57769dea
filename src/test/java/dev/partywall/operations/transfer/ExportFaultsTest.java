package dev.partywall.operations.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.concurrent.Conditions;
import dev.partywall.local.LocalDynamo;
import dev.partywall.local.aws.AwsConfig;
import dev.partywall.local.aws.LocalAws;
import dev.partywall.local.aws.dynamo.DynamoFault;
import dev.partywall.local.aws.iam.IamPolicy;
import dev.partywall.local.aws.sts.User;
import dev.partywall.metering.MeteringFixture;
import dev.partywall.operations.lifecycle.TestOwners;
import dev.partywall.tenancy.TenantStatus;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** Exports from a table with throttling, conflicts and delayed indexes. */
@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class ExportFaultsTest {
  private static final String ALL_TABLES =
      """
      {"Version": "2012-10-17", "Statement":
        {"Effect": "Allow", "Action": "dynamodb:*", "Resource": "*"}}\
      """;

  private final LocalAws aws;
  private final DynamoDbClient reader;
  private final ExportFixture fixture;

  ExportFaultsTest(LocalDynamo dynamo) throws IOException {
    // The client has these credentials.
    var user = new User("local", "local", "local", List.of(IamPolicy.of(ALL_TABLES)));
    aws =
        LocalAws.start(
            AwsConfig.of("eu-central-1", "123456789012", List.of(user), List.of()), dynamo);
    reader = MeteringFixture.client(aws.endpoint(), List.of());
    fixture = new ExportFixture(dynamo, Optional.of(reader));
  }

  @AfterEach
  void close() throws IOException {
    fixture.close();
    reader.close();
    aws.close();
  }

  @Test
  void slowsDownAndContainsEachItemOnce() throws Exception {
    fixture.register(TenantStatus.ACTIVE);
    fixture.writeOrders(20, 10);
    var expected = items(fixture.get("/tenants/acme/export").body());
    assertEquals(20, expected.size());
    var faults = aws.dynamoFaultMode();
    faults.delayIndexes(Duration.ofSeconds(5));
    faults.inject(DynamoFault.TRANSACTION_CONFLICT, fixture.tables.placements.pool(), 1);
    faults.inject(DynamoFault.THROUGHPUT_EXCEEDED, fixture.tables.placements.pool(), 1);

    var export = CompletableFuture.supplyAsync(this::export, Thread::startVirtualThread);
    Conditions.await(
        () -> TestOwners.delayNanos(fixture.pace) > 0, "the export does not slow down");
    faults.restore();

    var file = export.join();
    assertEquals(expected, items(file));
    assertTrue(file.contains("{\"counts\":{\"order\":20}"), file);
  }

  private String export() {
    try {
      return fixture.get("/tenants/acme/export").body();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<String> items(String file) {
    return file.lines().filter(line -> line.startsWith("{\"collection\"")).toList();
  }
}
