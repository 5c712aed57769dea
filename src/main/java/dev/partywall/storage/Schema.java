package dev.partywall.storage;

import dev.partywall.tenancy.TenantLocation;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndexDescription;
import software.amazon.awssdk.services.dynamodb.model.IndexStatus;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ProjectionType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.model.TableStatus;
import software.amazon.awssdk.services.dynamodb.model.UpdateTimeToLiveRequest;

/**
 * The schema of a table. All tables have the same key. The indexes share the table's partition key,
 * because {@code dynamodb:LeadingKeys} in a policy refers to the partition key of the queried table
 * or index. They are global indexes, because local indexes would limit a tenant to 10 GB.
 *
 * @param table the name of the table
 * @param indexes the names of its indexes
 * @param expiring whether DynamoDB deletes items at their expiry
 */
public record Schema(String table, List<String> indexes, boolean expiring) {
  /** Copies the list, which makes the record immutable. */
  public Schema {
    indexes = List.copyOf(indexes);
  }

  /** Returns the schema of a table with tenants' items: the pool or a silo. */
  public static Schema ofTenants(String table) {
    return new Schema(table, TenantLocation.INDEXES, true);
  }

  /** Returns the schema of a table of the service itself, which tenants cannot access. */
  public static Schema ofService(String table, boolean expiring) {
    return new Schema(table, List.of(), expiring);
  }

  /** Returns the request that creates the table. It contains neither expiry nor protection. */
  public CreateTableRequest createRequest() {
    var request =
        CreateTableRequest.builder()
            .tableName(table)
            .billingMode(BillingMode.PAY_PER_REQUEST)
            .attributeDefinitions(attributes())
            .keySchema(keys(Attributes.SORT_KEY));
    if (!indexes.isEmpty()) {
      request.globalSecondaryIndexes(indexes.stream().map(Schema::index).toList());
    }
    return request.build();
  }

  /** Returns the request that activates the expiry of items. */
  public UpdateTimeToLiveRequest timeToLiveRequest() {
    return UpdateTimeToLiveRequest.builder()
        .tableName(table)
        .timeToLiveSpecification(ttl -> ttl.attributeName(Attributes.EXPIRY).enabled(true))
        .build();
  }

  /** Returns a description of a table's first fault; empty if the table is usable. */
  Optional<String> fault(TableDescription found) {
    if (found.tableStatus() != TableStatus.ACTIVE && found.tableStatus() != TableStatus.UPDATING) {
      return Optional.of("is " + found.tableStatusAsString());
    }
    return keyDifference(found)
        .or(() ->
            missingIndex(found, other -> matches(other) && isActive(other))
                .map(index -> "has no active index " + index));
  }

  /**
   * Returns a description of the first difference between a table and this schema that no waiting
   * ends: another key, a missing index, or a further one. Empty if the table has the keys and the
   * indexes of the schema.
   */
  public Optional<String> difference(TableDescription found) {
    return keyDifference(found)
        .or(() ->
            missingIndex(found, Schema::matches)
                .map(index ->
                    "has no index %s with the key pk and %s".formatted(index, sortKeyOf(index))))
        .or(() -> otherAttribute(found))
        .or(() -> furtherIndex(found));
  }

  private static Optional<String> otherAttribute(TableDescription found) {
    return found.attributeDefinitions().stream()
        .filter(attribute -> attribute.attributeType() != ScalarAttributeType.S)
        .map(attribute ->
            "has the key attribute %s, which is no string".formatted(attribute.attributeName()))
        .findFirst();
  }

  /** The deletion of a tenant reads only the indexes of the schema. */
  private Optional<String> furtherIndex(TableDescription found) {
    return Stream.concat(
            found.globalSecondaryIndexes().stream().map(index -> index.indexName()),
            found.localSecondaryIndexes().stream().map(index -> index.indexName()))
        .filter(name -> !indexes.contains(name))
        .map(name -> "has the further index " + name)
        .findFirst();
  }

  /** Returns whether a table without differences and its indexes are usable. */
  public boolean isUsable(TableDescription found) {
    return fault(found).isEmpty();
  }

  private static Optional<String> keyDifference(TableDescription found) {
    return found.keySchema().equals(keys(Attributes.SORT_KEY))
        ? Optional.empty()
        : Optional.of("does not have the key pk and sk");
  }

  private Optional<String> missingIndex(
      TableDescription found, Predicate<GlobalSecondaryIndexDescription> condition) {
    return indexes.stream()
        .filter(index ->
            found.globalSecondaryIndexes().stream()
                .filter(other -> other.indexName().equals(index))
                .noneMatch(condition))
        .findFirst();
  }

  /** Returns the name of the index with that sort key. */
  static String indexName(String sortKey) {
    return "by-" + sortKey;
  }

  private static String sortKeyOf(String index) {
    return index.substring("by-".length());
  }

  private static boolean matches(GlobalSecondaryIndexDescription found) {
    return found.keySchema().equals(keys(sortKeyOf(found.indexName())))
        && found.projection().projectionType() == ProjectionType.ALL;
  }

  private static boolean isActive(GlobalSecondaryIndexDescription found) {
    return found.indexStatus() == IndexStatus.ACTIVE;
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

  private List<AttributeDefinition> attributes() {
    var keys = Stream.of(Attributes.PARTITION_KEY, Attributes.SORT_KEY);
    return Stream.concat(keys, indexes.stream().map(Schema::sortKeyOf)).map(Schema::text).toList();
  }

  private static AttributeDefinition text(String name) {
    return AttributeDefinition.builder()
        .attributeName(name)
        .attributeType(ScalarAttributeType.S)
        .build();
  }
}
