package dev.partywall.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.partywall.local.LocalDynamo;
import dev.partywall.tenancy.Placement;
import dev.partywall.tenancy.Placements;
import dev.partywall.tenancy.TenantId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveStatus;

@ExtendWith(LocalDynamo.Shared.class)
class TablesTest {
  @Test
  void areMadeWhereTheyAreMissing(LocalDynamo dynamo) {
    var prefix = dynamo.freshPrefix();
    var silo = new Placements(prefix, Map.of(new TenantId("globex"), new Placement.Silo()));
    try (var client = dynamo.client()) {
      var tables = new Tables(client, silo);
      assertEquals(
          List.of(
              "table " + prefix + "orders is missing",
              "table " + prefix + "orders.globex is missing"),
          tables.faults());
      tables.createMissing();
      assertEquals(List.of(), tables.faults());
      tables.createMissing();
      assertEquals(List.of(), tables.faults());
      var expiry = client.describeTimeToLive(it -> it.tableName(prefix + "orders.globex"));
      assertEquals(TimeToLiveStatus.ENABLED, expiry.timeToLiveDescription().timeToLiveStatus());
    }
  }

  @Test
  void ofAnotherShapeAreAFault(LocalDynamo dynamo) {
    var prefix = dynamo.freshPrefix();
    try (var client = dynamo.client()) {
      var whole = Schema.create(prefix + "orders");
      var onlyOne = whole.globalSecondaryIndexes().subList(1, 2);
      client.createTable(
          whole.toBuilder()
              .globalSecondaryIndexes(onlyOne)
              .attributeDefinitions(
                  whole.attributeDefinitions().stream()
                      .filter(it -> !it.attributeName().equals("i1"))
                      .toList())
              .build());
      assertEquals(
          List.of("table " + prefix + "orders has no active index by-i1"),
          new Tables(client, Placements.pool(prefix)).faults());
    }
  }

  @Test
  void anotherKeyIsAFault(LocalDynamo dynamo) {
    assertEquals(
        "has another key than pk and sk",
        fault(
            dynamo,
            table ->
                table
                    .keySchema(key("pk", KeyType.HASH), key("i1", KeyType.RANGE))
                    .attributeDefinitions(
                        table.build().attributeDefinitions().stream()
                            .filter(it -> !it.attributeName().equals("sk"))
                            .toList())));
  }

  /**
   * One that is led by anything but the tenant's key would be out of the session policy's reach.
   */
  @Test
  void anIndexOfAnotherShapeIsAFault(LocalDynamo dynamo) {
    var fault = "has no active index by-i1";
    assertEquals(fault, fault(dynamo, firstIndex(it -> it.indexName("by-another-name"))));
    assertEquals(
        fault,
        fault(
            dynamo,
            firstIndex(it -> it.keySchema(key("i1", KeyType.HASH), key("pk", KeyType.RANGE)))));
    assertEquals(
        fault, fault(dynamo, firstIndex(it -> it.projection(p -> p.projectionType("KEYS_ONLY")))));
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
    var prefix = dynamo.freshPrefix();
    try (var client = dynamo.client()) {
      var table = prefix + "orders";
      client.createTable(Schema.create(table).toBuilder().applyMutation(change).build());
      var faults = new Tables(client, Placements.pool(prefix)).faults();
      assertEquals(1, faults.size());
      return faults.getFirst().replace("table " + table + " ", "");
    }
  }
}
