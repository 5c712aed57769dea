package dev.partywall.local.aws.dynamo;

import dev.partywall.local.aws.wire.AwsFault;
import dev.partywall.local.aws.wire.AwsResponse;
import dev.partywall.local.aws.wire.Code;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;

/** DynamoDB Local behind the wall, over connections that are kept. */
public final class Engine {
  private static final int PATIENCE_MILLIS = 30_000;
  static final String API = "DynamoDB_20120810.";

  private final URI endpoint;
  private final String authorization;

  /**
   * An engine at that address.
   *
   * @param accessKeyId the key that it asks for
   */
  public Engine(URI endpoint, String accessKeyId, String region) {
    this.endpoint = endpoint;
    this.authorization =
        "AWS4-HMAC-SHA256 Credential=%s/20260101/%s/dynamodb/aws4_request, SignedHeaders=host, Signature=0"
            .formatted(accessKeyId, region);
  }

  AwsResponse call(String operation, byte[] body) {
    try {
      var connection = connect(operation, body.length);
      try (var out = connection.getOutputStream()) {
        out.write(body);
      }
      var status = connection.getResponseCode();
      try (var in = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
        return AwsResponse.json(status, in == null ? new byte[0] : in.readAllBytes());
      }
    } catch (IOException e) {
      throw new AwsFault(Code.UNAVAILABLE, "The engine did not answer: " + e.getMessage());
    }
  }

  /** Far less work a call than java.net.http, whose every request crosses several threads. */
  private HttpURLConnection connect(String operation, int length) throws IOException {
    var connection = (HttpURLConnection) endpoint.toURL().openConnection();
    connection.setConnectTimeout(PATIENCE_MILLIS);
    connection.setReadTimeout(PATIENCE_MILLIS);
    connection.setInstanceFollowRedirects(false);
    connection.setDoOutput(true);
    // With a length given, it never sends a request again by itself: a write must not happen twice.
    connection.setFixedLengthStreamingMode(length);
    connection.setRequestProperty("Authorization", authorization);
    connection.setRequestProperty("Content-Type", "application/x-amz-json-1.0");
    connection.setRequestProperty("X-Amz-Target", API + operation);
    return connection;
  }
}
