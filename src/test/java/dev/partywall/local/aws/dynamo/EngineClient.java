package dev.partywall.local.aws.dynamo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.partywall.local.aws.wire.AwsErrorCode;
import dev.partywall.local.aws.wire.AwsFault;
import dev.partywall.local.aws.wire.AwsResponse;
import dev.partywall.local.aws.wire.StrictJson;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** A client of DynamoDB Local with persistent connections. */
public final class EngineClient implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  static final String API = "DynamoDB_20120810.";

  private final HttpClient http =
      HttpClient.newBuilder().version(Version.HTTP_1_1).connectTimeout(TIMEOUT).build();
  private final URI endpoint;
  private final String authorization;

  /**
   * Creates a client of the engine at {@code endpoint}.
   *
   * @param accessKeyId the key that the engine requires
   */
  public EngineClient(URI endpoint, String accessKeyId, String region) {
    this.endpoint = endpoint;
    this.authorization =
        "AWS4-HMAC-SHA256 Credential=%s/20260101/%s/dynamodb/aws4_request, SignedHeaders=host, Signature=0"
            .formatted(accessKeyId, region);
  }

  AwsResponse call(String operation, byte[] body) {
    var request =
        HttpRequest.newBuilder(endpoint)
            .timeout(TIMEOUT)
            .header("Authorization", authorization)
            .header("Content-Type", "application/x-amz-json-1.0")
            .header("X-Amz-Target", API + operation)
            .POST(BodyPublishers.ofByteArray(body))
            .build();
    try {
      var response = http.send(request, BodyHandlers.ofByteArray());
      return AwsResponse.json(response.statusCode(), response.body());
    } catch (IOException e) {
      throw new AwsFault(AwsErrorCode.UNAVAILABLE, "The engine did not respond: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AwsFault(AwsErrorCode.UNAVAILABLE, "Interrupted");
    }
  }

  /** Returns the body of a response. */
  static ObjectNode json(AwsResponse response) {
    try {
      return StrictJson.object(response.body());
    } catch (IOException e) {
      throw new AwsFault(
          AwsErrorCode.INTERNAL, "The engine's response is not valid JSON: " + e.getMessage());
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
