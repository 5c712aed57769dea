package dev.partywall.bench.orders;

import java.util.Map;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;

/**
 * The orders table with one partition per tenant, newest first. The SDK reads region, endpoint and
 * credentials from the environment.
 */
public final class OrdersTable implements AutoCloseable {
  /** The product's projection; the stub rejects others for documents. */
  private static final String DOCUMENT_PROJECTION = "sk, v, f, doc, #ttl";

  private final DynamoDbClient dynamo =
      DynamoDbClient.builder().httpClientBuilder(Apache5HttpClient.builder()).build();
  private final boolean documents;

  private OrdersTable(boolean documents) {
    this.documents = documents;
  }

  /** Orders are stored as attributes, or, with {@code ORDERS_AS=documents}, as in the product. */
  public static OrdersTable fromEnvironment() {
    return new OrdersTable("documents".equals(System.getenv("ORDERS_AS")));
  }

  /** Returns at most {@code limit} of the tenant's newest orders. */
  public Page newest(String tenant, int limit) {
    var items = query(tenant, limit).items();
    return documents ? Page.Documents.of(items) : Page.Orders.of(items);
  }

  /** Executes only the SDK call. */
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
            .projectionExpression(documents ? DOCUMENT_PROJECTION : null)
            .expressionAttributeNames(documents ? Map.of("#ttl", "ttl") : null)
            .build());
  }

  @Override
  public void close() {
    dynamo.close();
  }
}
