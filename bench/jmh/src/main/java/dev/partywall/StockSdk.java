package dev.partywall;

import dev.partywall.storage.Projection;
import java.util.Map;
import java.util.function.Consumer;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClientBuilder;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;

/** The AWS SDK as it comes, and the question that {@code TenantTable} asks for twenty orders. */
final class StockSdk {
  private StockSdk() {}

  /**
   * With credentials that never change, and all else as the SDK has it by default: also the HTTP
   * client, which is apache5 as the product's is, but with its own time-outs and nobody's watch.
   *
   * @param reached says how DynamoDB is
   */
  static DynamoDbClient client(Consumer<DynamoDbClientBuilder> reached) {
    var client =
        DynamoDbClient.builder()
            .region(Region.EU_CENTRAL_1)
            .httpClientBuilder(Apache5HttpClient.builder())
            .credentialsProvider(StaticCredentialsProvider.create(TenantTables.CREDENTIALS));
    reached.accept(client);
    return client.build();
  }

  /** Made anew for each call, as whoever asks for a tenant's orders has to. */
  static QueryRequest twentyOrders() {
    return QueryRequest.builder()
        .tableName("partywall-orders")
        .keyConditionExpression("pk = :pk AND begins_with(#sort, :start)")
        .projectionExpression(Projection.WHAT_IS_READ)
        .expressionAttributeNames(Map.of("#sort", "sk", "#ttl", "ttl"))
        .expressionAttributeValues(
            Map.of(":pk", AttributeValue.fromS("acme"), ":start", AttributeValue.fromS("order#")))
        .scanIndexForward(false)
        .limit(21)
        .consistentRead(true)
        .build();
  }
}
