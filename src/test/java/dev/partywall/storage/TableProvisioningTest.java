package dev.partywall.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.local.LocalDynamo;
import dev.partywall.tenancy.Placement;
import dev.partywall.tenancy.TenantId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveStatus;

@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class TableProvisioningTest {
  @Test
  void createsMissingTables(LocalDynamo dynamo) {
    var prefix = dynamo.uniquePrefix();
    var placements =
        new TestPlacements(prefix + "orders", Map.of(new TenantId("globex"), new Placement.Silo()));
    try (var client = dynamo.client()) {
      var tables = new TableProvisioning(client, placements.schemas());
      assertEquals(
          List.of(
              "table " + prefix + "orders is missing",
              "table " + prefix + "orders.globex is missing"),
          tables.faults());
      tables.createMissing();
      assertEquals(List.of(), tables.faults());
      tables.createMissing();
      assertEquals(List.of(), tables.faults());
      var expiry =
          client.describeTimeToLive(request -> request.tableName(prefix + "orders.globex"));
      assertEquals(TimeToLiveStatus.ENABLED, expiry.timeToLiveDescription().timeToLiveStatus());
    }
  }

  @Test
  void waitsUntilANewTableIsActive(LocalDynamo dynamo) throws IOException {
    var table = dynamo.uniquePrefix() + "service";
    try (var proxy = new FaultInjectingClient(dynamo);
        var client = proxy.client()) {
      proxy.handleWith(upstream -> {
        var reply = upstream.send();
        // The first description of the new table, after the one that found it missing.
        return Optional.of(
            proxy.calls().equals(List.of("DescribeTable", "CreateTable", "DescribeTable"))
                ? new FaultInjectingClient.Reply(200, reply.body().replace("ACTIVE", "CREATING"))
                : reply);
      });
      new TableProvisioning(client, List.of(Schema.ofService(table, false))).createMissing();
      assertEquals(
          List.of("DescribeTable", "CreateTable", "DescribeTable", "DescribeTable"), proxy.calls());
    }
  }

  @Test
  void acceptsATableThatAnotherInstanceCreatedMeanwhile(LocalDynamo dynamo) throws IOException {
    var table = dynamo.uniquePrefix() + "service";
    var provisioning = List.of(Schema.ofService(table, true));
    try (var proxy = new FaultInjectingClient(dynamo);
        var client = proxy.client();
        var other = dynamo.client()) {
      proxy.handleNextWith(upstream -> {
        var missing = upstream.send();
        new TableProvisioning(other, provisioning).createMissing();
        return Optional.of(missing);
      });
      new TableProvisioning(client, provisioning).createMissing();
      assertEquals(List.of(), new TableProvisioning(client, provisioning).faults());
    }
  }

  @Test
  void acceptsThatALostCallHasEnabledTimeToLive(LocalDynamo dynamo) throws IOException {
    var table = dynamo.uniquePrefix() + "service";
    try (var proxy = new FaultInjectingClient(dynamo);
        var client = proxy.client()) {
      proxy.handleOperationWith(
          "UpdateTimeToLive",
          upstream -> {
            proxy.handleOperationWith("UpdateTimeToLive", FaultInjectingClient.FORWARD);
            return FaultInjectingClient.LOSE_REPLY.handle(upstream);
          });
      new TableProvisioning(client, List.of(Schema.ofService(table, true))).createMissing();
      assertEquals(
          List.of(
              "DescribeTable",
              "CreateTable",
              "DescribeTable",
              "DescribeTimeToLive",
              "UpdateTimeToLive",
              "UpdateTimeToLive",
              "DescribeTimeToLive"),
          proxy.calls());
      assertEquals(TimeToLiveStatus.ENABLED, timeToLive(client, table));
    }
  }

  @Test
  void failsIfTimeToLiveCannotBeEnabled(LocalDynamo dynamo) throws IOException {
    var tables = List.of(Schema.ofService(dynamo.uniquePrefix() + "service", true));
    try (var proxy = new FaultInjectingClient(dynamo);
        var client = proxy.client()) {
      proxy.handleOperationWith(
          "UpdateTimeToLive", FaultInjectingClient.replyWithError(400, "ValidationException"));
      var provisioning = new TableProvisioning(client, tables);
      assertThrows(DynamoDbException.class, provisioning::createMissing);
    }
  }

  @Test
  void asksTheProvisionerForTimeToLiveOnlyIfTheServiceMayNot(LocalDynamo dynamo) throws Exception {
    var tables = List.of(Schema.ofService(dynamo.uniquePrefix() + "service", true));
    try (var proxy = new FaultInjectingClient(dynamo);
        var client = proxy.client();
        var provisionerProxy = new FaultInjectingClient(dynamo);
        var provisioner = provisionerProxy.client()) {
      client.createTable(tables.getFirst().createRequest());
      var provisioning = new TableProvisioning(client, provisioner, tables);
      assertTrue(provisioning.isAnyWithoutTimeToLive());
      assertEquals(List.of(), provisionerProxy.calls());
      proxy.handleOperationWith(
          "DescribeTimeToLive", FaultInjectingClient.replyWithError(400, "AccessDeniedException"));
      assertTrue(provisioning.isAnyWithoutTimeToLive());
      assertEquals(List.of("DescribeTimeToLive"), provisionerProxy.calls());
      provisioning.createMissing();
      assertFalse(provisioning.isAnyWithoutTimeToLive());
    }
  }

  @Test
  void aPermanentTableNeedsNoTimeToLive(LocalDynamo dynamo) {
    var tables = List.of(Schema.ofService(dynamo.uniquePrefix() + "service", false));
    try (var client = dynamo.client()) {
      var provisioning = new TableProvisioning(client, tables);
      provisioning.createMissing();
      assertFalse(provisioning.isAnyWithoutTimeToLive());
    }
  }

  @Test
  void createsAServiceTableWithoutIndexesAndWithTheExpiryOfItsSchema(LocalDynamo dynamo) {
    var prefix = dynamo.uniquePrefix();
    try (var client = dynamo.client()) {
      new TableProvisioning(
              client,
              List.of(
                  Schema.ofService(prefix + "expiring", true),
                  Schema.ofService(prefix + "permanent", false)))
          .createMissing();
      assertEquals(TimeToLiveStatus.ENABLED, timeToLive(client, prefix + "expiring"));
      assertEquals(TimeToLiveStatus.DISABLED, timeToLive(client, prefix + "permanent"));
      var table = client.describeTable(describe -> describe.tableName(prefix + "expiring")).table();
      assertEquals(List.of(), table.globalSecondaryIndexes());
    }
  }

  private static TimeToLiveStatus timeToLive(DynamoDbClient client, String table) {
    return client
        .describeTimeToLive(describe -> describe.tableName(table))
        .timeToLiveDescription()
        .timeToLiveStatus();
  }

  private static Schema orders(String prefix) {
    return new TestPlacements(prefix + "orders", Map.of()).schemas().getFirst();
  }

  @Test
  void reportsAMissingIndex(LocalDynamo dynamo) {
    var prefix = dynamo.uniquePrefix();
    try (var client = dynamo.client()) {
      var complete = orders(prefix).createRequest();
      var secondIndex = complete.globalSecondaryIndexes().subList(1, 2);
      client.createTable(
          complete.toBuilder()
              .globalSecondaryIndexes(secondIndex)
              .attributeDefinitions(
                  complete.attributeDefinitions().stream()
                      .filter(attribute -> !attribute.attributeName().equals("i1"))
                      .toList())
              .build());
      assertEquals(
          List.of("table " + prefix + "orders has no active index by-i1"),
          new TableProvisioning(client, new TestPlacements(prefix + "orders", Map.of()).schemas())
              .faults());
    }
  }

  @Test
  void reportsADifferentKey(LocalDynamo dynamo) {
    assertEquals(
        "does not have the key pk and sk",
        fault(
            dynamo,
            table ->
                table
                    .keySchema(key("pk", KeyType.HASH), key("i1", KeyType.RANGE))
                    .attributeDefinitions(
                        table.build().attributeDefinitions().stream()
                            .filter(attribute -> !attribute.attributeName().equals("sk"))
                            .toList())));
  }

  /** The session policy cannot restrict an index without the tenant's partition key. */
  @Test
  void reportsAnIndexThatDiffers(LocalDynamo dynamo) {
    var fault = "has no active index by-i1";
    assertEquals(fault, fault(dynamo, firstIndex(index -> index.indexName("by-another-name"))));
    assertEquals(
        fault,
        fault(
            dynamo,
            firstIndex(
                index -> index.keySchema(key("i1", KeyType.HASH), key("pk", KeyType.RANGE)))));
    assertEquals(
        fault,
        fault(
            dynamo,
            firstIndex(
                index -> index.projection(projection -> projection.projectionType("KEYS_ONLY")))));
  }

  private static Consumer<CreateTableRequest.Builder> firstIndex(
      Consumer<GlobalSecondaryIndex.Builder> change) {
    return table -> {
      var indexes = new ArrayList<>(table.build().globalSecondaryIndexes());
      indexes.set(0, indexes.getFirst().toBuilder().applyMutation(change).build());
      table.globalSecondaryIndexes(indexes);
    };
  }

  private static KeySchemaElement key(String attribute, KeyType type) {
    return KeySchemaElement.builder().attributeName(attribute).keyType(type).build();
  }

  private static String fault(LocalDynamo dynamo, Consumer<CreateTableRequest.Builder> change) {
    var prefix = dynamo.uniquePrefix();
    try (var client = dynamo.client()) {
      var table = prefix + "orders";
      client.createTable(orders(prefix).createRequest().toBuilder().applyMutation(change).build());
      var faults =
          new TableProvisioning(client, new TestPlacements(prefix + "orders", Map.of()).schemas())
              .faults();
      assertEquals(1, faults.size());
      return faults.getFirst().replace("table " + table + " ", "");
    }
  }
}
