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
  /** As the product has it: the stub answers nobody who asks for other attributes of documents. */
  private static final String OF_DOCUMENTS = "sk, v, f, doc, #ttl";

  private final DynamoDbClient dynamo =
      DynamoDbClient.builder().httpClientBuilder(Apache5HttpClient.builder()).build();
  private final boolean documents;

  private OrdersTable(boolean documents) {
    this.documents = documents;
  }

  /** Orders are stored as attributes, or with {@code ORDERS_AS=documents} as the product does. */
  public static OrdersTable fromEnvironment() {
    return new OrdersTable("documents".equals(System.getenv("ORDERS_AS")));
  }

  /** The tenant's newest orders, at most {@code limit} of them. */
  public Page newest(String tenant, int limit) {
    var items = query(tenant, limit).items();
    return documents ? Page.Documents.of(items) : Page.Orders.of(items);
  }

  /** The bare call of the SDK. */
  public QueryResponse query(String tenant, int limit) {
    return dynamo.query(
        QueryRequest.builder()
            .tableName(documents ? "partywall-orders" : "peers-orders")
            .keyConditionExpression("pk = :tenant AND begins_with(sk, :orders)")
            .expressionAttributeValues(
                Map.of(
                    ":tenant", AttributeValue.fromS(tenant),
                    ":orders", AttributeValue.fromS("order#")))
            .scanIndexForward(false)
            .consistentRead(true)
            .limit(limit)
            .projectionExpression(documents ? OF_DOCUMENTS : null)
            .expressionAttributeNames(documents ? Map.of("#ttl", "ttl") : null)
            .build());
  }

  @Override
  public void close() {
    dynamo.close();
  }
}
