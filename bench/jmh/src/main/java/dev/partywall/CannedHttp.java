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
 * An HTTP client that sends nothing and answers the same twenty orders to everything: what is left
 * is what the SDK, and we around it, do for a call.
 */
final class CannedHttp implements SdkHttpClient {
  private final TwentyOrders answer = TwentyOrders.answer();
  private final SdkHttpFullResponse head =
      SdkHttpFullResponse.builder().statusCode(200).headers(answer.fields()).build();

  /** Lets that client of DynamoDB be answered by such a one. */
  static void answers(DynamoDbClientBuilder client) {
    client.httpClientBuilder(new Built(new CannedHttp()));
  }

  /** The same, with the watch around it that the product keeps over its exchanges. */
  static void answersWatched(DynamoDbClientBuilder client) {
    client.httpClientBuilder(Watched.over(new Built(new CannedHttp())));
  }

  private record Built(CannedHttp client) implements SdkHttpClient.Builder<Built> {
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
        // There is nothing under way.
      }
    };
  }

  @Override
  public String clientName() {
    return "Canned";
  }

  @Override
  public void close() {
    // Nothing is held.
  }
}
