package dev.partywall.bench.orders;

import java.util.Map;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;

/**
 * The table of every tenant's orders: a partition a tenant, newest first. Region, endpoint and
 * credentials come from the environment, as the SDK reads it.
 */
public final class OrdersTable implements AutoCloseable {
  private final DynamoDbClient dynamo;
  private final String name;

  /** The table of that name, behind the stock client of the SDK. */
  public OrdersTable(String name) {
    this.dynamo = DynamoDbClient.builder().httpClientBuilder(Apache5HttpClient.builder()).build();
    this.name = name;
  }

  /** The tenant's newest orders, at most {@code limit} of them. */
  public Page newest(String tenant, int limit) {
    return new Page(query(tenant, limit).items().stream().map(Order::of).toList());
  }

  /** The bare call of the SDK. */
  public QueryResponse query(String tenant, int limit) {
    return dynamo.query(
        QueryRequest.builder()
            .tableName(name)
            .keyConditionExpression("pk = :tenant AND begins_with(sk, :orders)")
            .expressionAttributeValues(
                Map.of(
                    ":tenant", AttributeValue.fromS(tenant),
                    ":orders", AttributeValue.fromS("order#")))
            .scanIndexForward(false)
            .limit(limit)
            .build());
  }

  @Override
  public void close() {
    dynamo.close();
  }
}
