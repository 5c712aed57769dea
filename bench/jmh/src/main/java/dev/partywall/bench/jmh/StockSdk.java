package dev.partywall.bench.jmh;

import dev.partywall.bench.stub.TwentyOrders;
import java.util.Map;
import java.util.function.Consumer;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClientBuilder;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;

/** The AWS SDK with its defaults, and the query that {@code TenantTable} sends for 20 orders. */
final class StockSdk {
  private StockSdk() {}

  /**
   * Returns a client with static credentials and the SDK's defaults. The HTTP client is apache5, as
   * in the product, but with its default timeouts and without the wrapper that aborts requests.
   *
   * @param connection configures the connection to DynamoDB
   */
  static DynamoDbClient client(Consumer<DynamoDbClientBuilder> connection) {
    var client =
        DynamoDbClient.builder()
            .region(Region.EU_CENTRAL_1)
            .httpClientBuilder(Apache5HttpClient.builder())
            .credentialsProvider(StaticCredentialsProvider.create(TenantTableWiring.CREDENTIALS));
    connection.accept(client);
    return client.build();
  }

  /** Builds a new request for each call, as the product does. */
  static QueryRequest twentyOrders() {
    return QueryRequest.builder()
        .tableName("partywall-orders")
        .keyConditionExpression("pk = :pk AND begins_with(#sort, :start)")
        .projectionExpression(TwentyOrders.PROJECTION)
        .expressionAttributeNames(Map.of("#sort", "sk", "#ttl", "ttl"))
        .expressionAttributeValues(
            Map.of(":pk", AttributeValue.fromS("acme"), ":start", AttributeValue.fromS("order#")))
        .scanIndexForward(false)
        .limit(21)
        .consistentRead(true)
        .build();
  }
}
