package dev.partywall.storage;

import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;

/** Queries for a part of one partition. */
public final class PartitionQuery {
  private PartitionQuery() {}

  /** Returns a consistent query for the items between two sort keys, both inclusive. */
  public static QueryRequest.Builder of(String table, String partition, String from, String to) {
    return QueryRequest.builder()
        .tableName(table)
        .keyConditionExpression("pk = :pk AND sk BETWEEN :from AND :to")
        .expressionAttributeValues(
            Map.of(
                ":pk", Attributes.text(partition),
                ":from", Attributes.text(from),
                ":to", Attributes.text(to)))
        .consistentRead(true);
  }
}
