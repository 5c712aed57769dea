package dev.partywall.storage;

import java.time.Duration;
import java.util.List;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.retries.StandardRetryStrategy;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClientBuilder;

/**
 * Configures DynamoDB clients. An attempt takes at most 2 s, and a call at most three attempts. The
 * request timeout bounds requests with several calls. By default the SDK would wait 30 s for a
 * response and make nine attempts.
 */
public final class DynamoClients {
  private static final int MAX_CONNECTIONS = 512;
  private static final int MAX_ATTEMPTS = 3;
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);
  private static final Duration ATTEMPT_TIMEOUT = Duration.ofSeconds(2);

  private DynamoClients() {}

  /**
   * Returns a client builder. The SDK resolves region and endpoint, and the credentials unless the
   * caller sets them.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html">Retry
   *     behavior</a>
   */
  public static DynamoDbClientBuilder builder() {
    return builder(List.of());
  }

  /** Returns a client builder like {@link #builder()}, with these interceptors. */
  public static DynamoDbClientBuilder builder(List<ExecutionInterceptor> interceptors) {
    return DynamoDbClient.builder()
        .httpClientBuilder(new BoundedHttpClient.Builder(connections(), ATTEMPT_TIMEOUT))
        .overrideConfiguration(
            ClientOverrideConfiguration.builder()
                .retryStrategy(retries())
                .executionInterceptors(interceptors)
                .build());
  }

  /** {@link BoundedHttpClient} bounds the wait for a response; a timer for each read is costly. */
  private static Apache5HttpClient.Builder connections() {
    return Apache5HttpClient.builder()
        .maxConnections(MAX_CONNECTIONS)
        .connectionTimeout(CONNECT_TIMEOUT)
        .connectionAcquisitionTimeout(CONNECT_TIMEOUT)
        .socketTimeout(Duration.ZERO);
  }

  /** Pauses match DynamoDB's usual recovery time, instead of a second or more. */
  private static StandardRetryStrategy retries() {
    var pause = BackoffStrategy.exponentialDelay(Duration.ofMillis(25), Duration.ofMillis(500));
    return AwsRetryStrategy.standardRetryStrategy().toBuilder()
        .maxAttempts(MAX_ATTEMPTS)
        .backoffStrategy(pause)
        .throttlingBackoffStrategy(
            BackoffStrategy.exponentialDelay(Duration.ofMillis(100), Duration.ofSeconds(1)))
        .build();
  }
}
