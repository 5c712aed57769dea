package dev.partywall.local.aws;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.partywall.local.LocalDynamo;
import dev.partywall.local.aws.CloudFormationTemplate.DeploymentTarget;
import dev.partywall.metering.ledger.Ledger;
import dev.partywall.registry.DynamoTenantRegistry;
import dev.partywall.storage.Schema;
import dev.partywall.storage.TableProvisioning;
import dev.partywall.storage.TestPlacements;
import dev.partywall.storage.silo.SiloTables;
import dev.partywall.storage.silo.SiloTablesFixture;
import dev.partywall.tenancy.Placement;
import dev.partywall.tenancy.TenantId;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.model.UpdateContinuousBackupsRequest;

/** Compares the tables in the template with those that the service creates. */
@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class TemplateTablesTest {
  private static final TenantId ACME = new TenantId("acme");

  private final LocalDynamo dynamo;
  private final String prefix;
  private final CloudFormationTemplate template;

  TemplateTablesTest(LocalDynamo dynamo) {
    this.dynamo = dynamo;
    this.prefix = dynamo.uniquePrefix();
    this.template =
        CloudFormationTemplate.partywall(
            DeploymentTarget.LOCAL, Map.of("TablePrefix", prefix, "DeletionProtection", "false"));
  }

  @Test
  void createsPoolAndSiloTablesAsInTheTemplate() {
    try (var client = dynamo.client()) {
      var placements = new TestPlacements(prefix + "orders", Map.of(ACME, new Placement.Silo()));
      new TableProvisioning(client, placements.schemas()).createMissing();
      assertEquals(Set.of(nameOf("OrdersTable"), prefix + "orders.acme"), placements.tables());
      placements.tables().forEach(table -> assertMatchesTemplate(client, table, "OrdersTable"));
    }
  }

  @Test
  void createsTheTablesOfTheServiceItselfAsInTheTemplate() {
    try (var client = dynamo.client()) {
      var schemas = List.of(Ledger.schema(prefix), DynamoTenantRegistry.schema(prefix));
      new TableProvisioning(client, schemas).createMissing();
      assertMatchesTemplate(client, nameOf("UsageTable"), "UsageTable");
      assertMatchesTemplate(client, nameOf("TenantsTable"), "TenantsTable");
    }
  }

  /**
   * Compares the requests, because DynamoDB Local ignores encryption and backups. The template
   * protects its tables in a second deployment.
   */
  @Test
  void createsTheTableOfASiloWithTheEncryptionAndTheProtectionOfTheTemplate() throws IOException {
    var expected =
        CloudFormationTemplate.partywall(
                DeploymentTarget.LOCAL, Map.of("TablePrefix", prefix, "DeletionProtection", "true"))
            .properties("OrdersTable");
    var schema = Schema.ofTenants(prefix + "orders.acme");
    try (var fixture = new SiloTablesFixture(dynamo)) {
      var tables = new SiloTables(fixture.client);
      while (tables.advance(schema, System.nanoTime() + 60_000_000_000L)
          != SiloTables.Progress.COMPLETE) {
        // Each call performs one part.
      }
      assertMatchesTemplate(fixture.client, schema.table(), "OrdersTable");
      var created = fixture.sent(CreateTableRequest.class);
      assertEquals(expected.at("/BillingMode").asText(), created.billingModeAsString());
      assertEquals(
          expected.at("/SSESpecification/SSEEnabled").booleanValue(),
          created.sseSpecification().enabled());
      assertEquals(
          expected.at("/SSESpecification/SSEType").asText(),
          created.sseSpecification().sseTypeAsString());
      assertEquals(
          expected.at("/DeletionProtectionEnabled").booleanValue(),
          created.deletionProtectionEnabled());
      var backups = fixture.sent(UpdateContinuousBackupsRequest.class);
      assertEquals(schema.table(), backups.tableName());
      assertEquals(
          expected
              .at("/PointInTimeRecoverySpecification/PointInTimeRecoveryEnabled")
              .booleanValue(),
          backups.pointInTimeRecoverySpecification().pointInTimeRecoveryEnabled());
    }
  }

  private String nameOf(String resource) {
    return template.properties(resource).required("TableName").asText();
  }

  private void assertMatchesTemplate(DynamoDbClient client, String name, String resource) {
    var expected = template.properties(resource);
    var created = client.describeTable(request -> request.tableName(name)).table();
    assertEquals(keys(expected.required("KeySchema")), keys(created.keySchema()));
    assertEquals(indexes(expected.path("GlobalSecondaryIndexes")), indexes(created));
    assertEquals(attributes(expected.required("AttributeDefinitions")), attributes(created));
    assertEquals(
        expected.required("BillingMode").asText(),
        created.billingModeSummary().billingModeAsString());
    var expiry =
        client.describeTimeToLive(request -> request.tableName(name)).timeToLiveDescription();
    assertEquals(
        expected.at("/TimeToLiveSpecification/AttributeName").asText(), expiry.attributeName());
    assertEquals("ENABLED", expiry.timeToLiveStatusAsString());
  }

  private static List<String> keys(JsonNode schema) {
    return schema
        .valueStream()
        .map(key -> key.required("AttributeName").asText() + " " + key.required("KeyType").asText())
        .toList();
  }

  private static List<String> keys(List<KeySchemaElement> schema) {
    return schema.stream().map(key -> key.attributeName() + " " + key.keyTypeAsString()).toList();
  }

  private static Map<String, List<String>> indexes(JsonNode indexes) {
    var names = new TreeMap<String, List<String>>();
    for (var index : indexes) {
      assertEquals("ALL", index.at("/Projection/ProjectionType").asText());
      names.put(index.required("IndexName").asText(), keys(index.required("KeySchema")));
    }
    return names;
  }

  private static Map<String, List<String>> indexes(TableDescription table) {
    var names = new TreeMap<String, List<String>>();
    for (var index : table.globalSecondaryIndexes()) {
      assertEquals("ALL", index.projection().projectionTypeAsString());
      names.put(index.indexName(), keys(index.keySchema()));
    }
    return names;
  }

  private static Set<String> attributes(JsonNode definitions) {
    var names = new TreeSet<String>();
    definitions.forEach(definition ->
        names.add(
            definition.required("AttributeName").asText()
                + definition.required("AttributeType").asText()));
    return names;
  }

  private static Set<String> attributes(TableDescription table) {
    var names = new TreeSet<String>();
    table
        .attributeDefinitions()
        .forEach(
            attribute -> names.add(attribute.attributeName() + attribute.attributeTypeAsString()));
    return names;
  }
}
