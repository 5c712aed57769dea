package dev.partywall.local.aws.dynamo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.partywall.local.aws.wire.AwsErrorCode;
import dev.partywall.local.aws.wire.AwsFault;
import dev.partywall.local.aws.wire.AwsResponse;
import dev.partywall.local.aws.wire.StrictJson;
import java.io.IOException;
import java.net.URI;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;

/**
 * A client of DynamoDB Local with persistent connections. It blocks the calling thread and so takes
 * half the processor time of {@code java.net.http}, which passes each call to other threads.
 */
public final class EngineClient implements AutoCloseable {
  private static final Timeout TIMEOUT = Timeout.ofSeconds(30);
  private static final int MAX_CONNECTIONS = 1_000;
  private static final ContentType JSON = ContentType.create("application/x-amz-json-1.0");
  static final String API = "DynamoDB_20120810.";

  private final CloseableHttpClient http = newClient();
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

  private static CloseableHttpClient newClient() {
    var timeouts =
        ConnectionConfig.custom().setConnectTimeout(TIMEOUT).setSocketTimeout(TIMEOUT).build();
    var connections =
        PoolingHttpClientConnectionManagerBuilder.create()
            .setMaxConnTotal(MAX_CONNECTIONS)
            .setMaxConnPerRoute(MAX_CONNECTIONS)
            .setDefaultConnectionConfig(timeouts)
            .build();
    return HttpClients.custom()
        .setConnectionManager(connections)
        .disableAutomaticRetries()
        .disableContentCompression()
        .disableCookieManagement()
        .disableRedirectHandling()
        .disableAuthCaching()
        .build();
  }

  AwsResponse call(String operation, byte[] body) {
    var request = new HttpPost(endpoint);
    request.setHeader("Authorization", authorization);
    request.setHeader("X-Amz-Target", API + operation);
    request.setEntity(new ByteArrayEntity(body, JSON));
    try {
      return http.execute(
          request,
          response ->
              AwsResponse.json(response.getCode(), EntityUtils.toByteArray(response.getEntity())));
    } catch (IOException | IllegalStateException e) { // the latter after close()
      throw new AwsFault(AwsErrorCode.UNAVAILABLE, "The engine did not respond: " + e.getMessage());
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
    http.close(CloseMode.IMMEDIATE);
  }
}
