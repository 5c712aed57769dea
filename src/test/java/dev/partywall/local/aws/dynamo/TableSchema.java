package dev.partywall.local.aws.dynamo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.partywall.local.aws.wire.AwsFault;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The keys of a table and of its indexes.
 *
 * @param indexes by name
 */
record TableSchema(KeyAttributes keys, Map<String, KeyAttributes> indexes) {

  /**
   * Key attributes.
   *
   * @param partition the attribute whose value is the leading key
   * @param all the partition key and, if present, the sort key
   */
  record KeyAttributes(String partition, Set<String> all) {
    static KeyAttributes of(JsonNode schema) {
      var byType = new LinkedHashMap<String, String>();
      schema.forEach(
          key -> byType.put(key.path("KeyType").asText(), key.path("AttributeName").asText()));
      return new KeyAttributes(
          Optional.ofNullable(byType.get("HASH")).orElseThrow(), Set.copyOf(byType.values()));
    }
  }

  /** Reads the {@code RequestedTable} of a DescribeTable response. */
  static TableSchema of(JsonNode table) {
    var indexes = new HashMap<String, KeyAttributes>();
    for (var kind : Set.of("LocalSecondaryIndexes", "GlobalSecondaryIndexes")) {
      table
          .path(kind)
          .forEach(index ->
              indexes.put(
                  index.path("IndexName").asText(), KeyAttributes.of(index.path("KeySchema"))));
    }
    return new TableSchema(KeyAttributes.of(table.path("KeySchema")), Map.copyOf(indexes));
  }

  boolean hasIndex(String index) {
    return indexes.containsKey(index);
  }

  /**
   * Returns the keys of the table or an index.
   *
   * @throws AwsFault if the index does not exist
   */
  KeyAttributes keys(Optional<String> index) {
    return index
        .map(name ->
            Optional.ofNullable(indexes.get(name))
                .orElseThrow(() ->
                    AwsFault.validation("The table does not have the specified index: " + name)))
        .orElse(keys);
  }
}
