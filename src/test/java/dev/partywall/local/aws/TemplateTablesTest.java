package dev.partywall.local.aws;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.partywall.local.LocalDynamo;
import dev.partywall.local.aws.Template.Target;
import dev.partywall.storage.Tables;
import dev.partywall.tenancy.Placement;
import dev.partywall.tenancy.Placements;
import dev.partywall.tenancy.TenantId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;

/** The table that the template deploys is the one that the service makes for itself. */
@ExtendWith(LocalDynamo.Shared.class)
class TemplateTablesTest {
  private static final TenantId ACME = new TenantId("acme");

  private final LocalDynamo dynamo;
  private final String prefix;
  private final JsonNode written;

  TemplateTablesTest(LocalDynamo dynamo) {
    this.dynamo = dynamo;
    this.prefix = dynamo.freshPrefix();
    this.written =
        Template.read(Template.PARTYWALL, Target.LOCAL, Map.of("TablePrefix", prefix))
            .properties("OrdersTable");
  }

  @Test
  void thePoolIsAsTheTemplateHasItAndSoIsASilo() {
    try (var client = dynamo.client()) {
      var placements = new Placements(prefix, Map.of(ACME, new Placement.Silo()));
      new Tables(client, placements).createMissing();
      assertEquals(
          Set.of(written.required("TableName").asText(), prefix + "orders.acme"),
          placements.tables());
      placements.tables().forEach(table -> hold(client, table));
    }
  }

  private void hold(DynamoDbClient client, String name) {
    var made = client.describeTable(it -> it.tableName(name)).table();
    assertEquals(keys(written.required("KeySchema")), keys(made.keySchema()));
    assertEquals(indexes(written.required("GlobalSecondaryIndexes")), indexes(made));
    assertEquals(attributes(written.required("AttributeDefinitions")), attributes(made));
    assertEquals(
        written.required("BillingMode").asText(), made.billingModeSummary().billingModeAsString());
    var expiry = client.describeTimeToLive(it -> it.tableName(name)).timeToLiveDescription();
    assertEquals(
        written.at("/TimeToLiveSpecification/AttributeName").asText(), expiry.attributeName());
    assertEquals("ENABLED", expiry.timeToLiveStatusAsString());
  }

  private static List<String> keys(JsonNode schema) {
    return schema
        .valueStream()
        .map(it -> it.required("AttributeName").asText() + " " + it.required("KeyType").asText())
        .toList();
  }

  private static List<String> keys(List<KeySchemaElement> schema) {
    return schema.stream().map(it -> it.attributeName() + " " + it.keyTypeAsString()).toList();
  }

  private static Map<String, List<String>> indexes(JsonNode indexes) {
    var found = new TreeMap<String, List<String>>();
    for (var index : indexes) {
      assertEquals("ALL", index.at("/Projection/ProjectionType").asText());
      found.put(index.required("IndexName").asText(), keys(index.required("KeySchema")));
    }
    return found;
  }

  private static Map<String, List<String>> indexes(TableDescription table) {
    var found = new TreeMap<String, List<String>>();
    for (var index : table.globalSecondaryIndexes()) {
      assertEquals("ALL", index.projection().projectionTypeAsString());
      found.put(index.indexName(), keys(index.keySchema()));
    }
    return found;
  }

  private static Set<String> attributes(JsonNode definitions) {
    var found = new TreeSet<String>();
    definitions.forEach(it ->
        found.add(it.required("AttributeName").asText() + it.required("AttributeType").asText()));
    return found;
  }

  private static Set<String> attributes(TableDescription table) {
    var found = new TreeSet<String>();
    table
        .attributeDefinitions()
        .forEach(it -> found.add(it.attributeName() + it.attributeTypeAsString()));
    return found;
  }
}
