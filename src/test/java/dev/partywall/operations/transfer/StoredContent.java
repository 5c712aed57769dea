package dev.partywall.operations.transfer;

import dev.partywall.storage.Item;
import dev.partywall.storage.Query;
import dev.partywall.storage.TenantTable;
import dev.partywall.storage.content.StoredItem;
import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantContext;
import dev.partywall.tenancy.TenantLocation;
import dev.partywall.tenancy.TenantLocations;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The items of a tenant in its table, read by the engine's own client and as a request does. */
record StoredContent(
    DynamoDbClient client, TenantLocations locations, Tenant tenant, InstantSource clock) {
  private TenantLocation location() {
    return locations.of(tenant);
  }

  /** Returns the documents of the orders that a request reads, in the order of their ids. */
  List<String> visibleDocuments() {
    var connection =
        new TenantTable.Connection(client, locations, clock, new SecureRandom(), _ -> {});
    var table = new TenantTable(() -> connection);
    var page = TenantContext.call(tenant, () -> table.query(Query.all("order", 1_000)));
    return page.items().reversed().stream().map(Item::document).toList();
  }

  /** Returns all items, by partition and sort key. */
  List<Map<String, AttributeValue>> items() {
    return location().partitionKeys().stream().flatMap(key -> partition(key).stream()).toList();
  }

  private List<Map<String, AttributeValue>> partition(String key) {
    return client
        .queryPaginator(query ->
            query
                .tableName(location().table())
                .consistentRead(true)
                .keyConditionExpression("pk = :pk")
                .expressionAttributeValues(Map.of(":pk", AttributeValue.fromS(key))))
        .items()
        .stream()
        .toList();
  }

  /**
   * Returns the expected items with this content and nothing else. A content that has replaced
   * another one has the item with its revision, too.
   */
  List<Map<String, AttributeValue>> expected(List<StoredItem> items) {
    var location = location();
    var expected = new ArrayList<Map<String, AttributeValue>>();
    if (location.contentRevision() > 1) {
      expected.add(revision(location));
    }
    for (var key : location.partitionKeys()) {
      items.stream()
          .filter(item -> location.partitionKeyOf(item.key().id()).equals(key))
          .forEach(item -> expected.add(item.attributes(location)));
    }
    return expected;
  }

  private static Map<String, AttributeValue> revision(TenantLocation location) {
    return Map.of(
        "pk", AttributeValue.fromS(location.partitionKeys().getFirst()),
        "sk", AttributeValue.fromS(".content"),
        "f", AttributeValue.fromN("1"),
        "rev", AttributeValue.fromN(Integer.toString(location.contentRevision())));
  }
}
