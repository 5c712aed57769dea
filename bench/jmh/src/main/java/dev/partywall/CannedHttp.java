package dev.partywall;

import dev.partywall.bench.stub.TwentyOrders;
import dev.partywall.storage.Watched;
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
final class CannedHttp implements SdkHttpClient {
  private final TwentyOrders answer = TwentyOrders.answer();
  private final SdkHttpFullResponse head =
      SdkHttpFullResponse.builder().statusCode(200).headers(answer.fields()).build();

  /** Configures the DynamoDB client with canned responses. */
  static void answers(DynamoDbClientBuilder client) {
    client.httpClientBuilder(new CannedBuilder(new CannedHttp()));
  }

  /** Like {@link #answers}, with the product's wrapper that aborts requests at their timeout. */
  static void answersWatched(DynamoDbClientBuilder client) {
    client.httpClientBuilder(Watched.over(new CannedBuilder(new CannedHttp())));
  }

  private record CannedBuilder(CannedHttp client) implements SdkHttpClient.Builder<CannedBuilder> {
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
