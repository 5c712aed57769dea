package dev.partywall.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.partywall.local.LocalDynamo;
import dev.partywall.tenancy.Placement;
import dev.partywall.tenancy.Placements;
import dev.partywall.tenancy.TenantId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
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
}
