package dev.partywall.storage;

import dev.partywall.tenancy.TenantLocation;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndexDescription;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ProjectionType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.model.TableStatus;
import software.amazon.awssdk.services.dynamodb.model.UpdateTimeToLiveRequest;

/**
 * The schema of the tables. The indexes share the table's partition key, because {@code
 * dynamodb:LeadingKeys} in a policy refers to the partition key of the queried table or index. They
 * are global indexes, because local indexes would limit a tenant to 10 GB.
 */
final class Schema {
  private Schema() {}

  static CreateTableRequest tenantTableRequest(String table) {
    return CreateTableRequest.builder()
        .tableName(table)
        .billingMode(BillingMode.PAY_PER_REQUEST)
        .attributeDefinitions(
            text(Attributes.PARTITION_KEY),
            text(Attributes.SORT_KEY),
            text(Attributes.I1),
            text(Attributes.I2))
        .keySchema(keys(Attributes.SORT_KEY))
        .globalSecondaryIndexes(TenantLocation.INDEXES.stream().map(Schema::index).toList())
        .build();
  }

  /** Returns the request for a table of the service itself, which tenants cannot access. */
  static CreateTableRequest serviceTableRequest(String table) {
    return CreateTableRequest.builder()
        .tableName(table)
        .billingMode(BillingMode.PAY_PER_REQUEST)
        .attributeDefinitions(text(Attributes.PARTITION_KEY), text(Attributes.SORT_KEY))
        .keySchema(keys(Attributes.SORT_KEY))
        .build();
  }

  static UpdateTimeToLiveRequest timeToLiveRequest(String table) {
    return UpdateTimeToLiveRequest.builder()
        .tableName(table)
        .timeToLiveSpecification(ttl -> ttl.attributeName(Attributes.EXPIRY).enabled(true))
        .build();
  }

  /** Returns a description of a table's first fault; empty if the table is usable. */
  static Optional<String> fault(TableDescription table) {
    if (table.tableStatus() != TableStatus.ACTIVE && table.tableStatus() != TableStatus.UPDATING) {
      return Optional.of("is " + table.tableStatusAsString());
    }
    if (!table.keySchema().equals(keys(Attributes.SORT_KEY))) {
      return Optional.of("does not have the key pk and sk");
    }
    return TenantLocation.INDEXES.stream()
        .filter(index ->
            table.globalSecondaryIndexes().stream().noneMatch(found -> matches(index, found)))
        .map(index -> "has no active index " + index)
        .findFirst();
  }

  /** Returns the name of the index with that sort key. */
  static String indexName(String sortKey) {
    return "by-" + sortKey;
  }

  private static String sortKeyOf(String index) {
    return index.substring("by-".length());
  }

  private static boolean matches(String index, GlobalSecondaryIndexDescription found) {
    return found.indexName().equals(index)
        && found.keySchema().equals(keys(sortKeyOf(index)))
        && found.projection().projectionType() == ProjectionType.ALL
        && "ACTIVE".equals(found.indexStatusAsString());
  }

  private static GlobalSecondaryIndex index(String name) {
    return GlobalSecondaryIndex.builder()
        .indexName(name)
        .keySchema(keys(sortKeyOf(name)))
        .projection(projection -> projection.projectionType(ProjectionType.ALL))
        .build();
  }

  private static List<KeySchemaElement> keys(String sortKey) {
    return List.of(key(Attributes.PARTITION_KEY, KeyType.HASH), key(sortKey, KeyType.RANGE));
  }

  private static KeySchemaElement key(String attribute, KeyType type) {
    return KeySchemaElement.builder().attributeName(attribute).keyType(type).build();
  }

  private static AttributeDefinition text(String name) {
    return AttributeDefinition.builder()
        .attributeName(name)
        .attributeType(ScalarAttributeType.S)
        .build();
  }
}
