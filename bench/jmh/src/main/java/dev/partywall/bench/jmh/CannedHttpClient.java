package dev.partywall.bench.jmh;

import dev.partywall.bench.stub.TwentyOrders;
import dev.partywall.storage.BoundedClients;
import java.io.ByteArrayInputStream;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpFullResponse;
import software.amazon.awssdk.services.dynamodb.DynamoDbClientBuilder;
import software.amazon.awssdk.utils.AttributeMap;

/**
 * An HTTP client that sends nothing and returns the same 20 orders for every request. A call then
 * costs only the work of the SDK and of the product.
 */
final class CannedHttpClient implements SdkHttpClient {
  private final TwentyOrders answer = TwentyOrders.response();
  private final SdkHttpFullResponse head =
      SdkHttpFullResponse.builder().statusCode(200).headers(answer.headers()).build();

  /** Configures the DynamoDB client with canned responses. */
  static void configure(DynamoDbClientBuilder client) {
    client.httpClientBuilder(new CannedBuilder(new CannedHttpClient()));
  }

  /** Like {@link #configure}, with the product's wrapper that aborts requests at their timeout. */
  static void configureAbortable(DynamoDbClientBuilder client) {
    client.httpClientBuilder(BoundedClients.wrap(new CannedBuilder(new CannedHttpClient())));
  }

  private record CannedBuilder(CannedHttpClient client)
      implements SdkHttpClient.Builder<CannedBuilder> {
    @Override
    public SdkHttpClient buildWithDefaults(AttributeMap defaults) {
      return client;
    }
  }

  @Override
  public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
    return new ExecutableHttpRequest() {
      @Override
      public HttpExecuteResponse call() {
        var body = AbortableInputStream.create(new ByteArrayInputStream(answer.body()));
        return HttpExecuteResponse.builder().response(head).responseBody(body).build();
      }

      @Override
      public void abort() {
        // No request is in flight.
      }
    };
  }

  @Override
  public String clientName() {
    return "Canned";
  }

  @Override
  public void close() {
    // No resources to release.
  }
}
