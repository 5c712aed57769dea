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
 * How DynamoDB is talked to. An attempt takes 2 s at most, and a call three of them; a request that
 * needs several such calls is ended by its deadline. Left to itself the SDK would wait 30 s for an
 * answer, and try nine times.
 */
public final class Dynamo {
  private static final int CONNECTIONS = 512;
  private static final int ATTEMPTS = 3;
  private static final Duration CONNECT = Duration.ofSeconds(1);
  private static final Duration ATTEMPT = Duration.ofSeconds(2);

  private Dynamo() {}

  /**
   * A client to be: region and endpoint are found as the SDK does it, credentials too unless the
   * caller sets them.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html">Retry
   *     behavior</a>
   */
  public static DynamoDbClientBuilder client() {
    return client(List.of());
  }

  /** As {@link #client()}; each of its calls passes by these. */
  public static DynamoDbClientBuilder client(List<ExecutionInterceptor> interceptors) {
    return DynamoDbClient.builder()
        .httpClientBuilder(new BoundedHttpClient.Builder(connections(), ATTEMPT))
        .overrideConfiguration(
            ClientOverrideConfiguration.builder()
                .retryStrategy(retries())
                .executionInterceptors(interceptors)
                .build());
  }

  /** Waiting for an answer has its limit elsewhere: a timer for each read is not for free. */
  private static Apache5HttpClient.Builder connections() {
    return Apache5HttpClient.builder()
        .maxConnections(CONNECTIONS)
        .connectionTimeout(CONNECT)
        .connectionAcquisitionTimeout(CONNECT)
        .socketTimeout(Duration.ZERO);
  }

  /** Pauses of the length that DynamoDB is known to need, and not of a second or more. */
  private static StandardRetryStrategy retries() {
    var pause = BackoffStrategy.exponentialDelay(Duration.ofMillis(25), Duration.ofMillis(500));
    return AwsRetryStrategy.standardRetryStrategy().toBuilder()
        .maxAttempts(ATTEMPTS)
        .backoffStrategy(pause)
        .throttlingBackoffStrategy(
            BackoffStrategy.exponentialDelay(Duration.ofMillis(100), Duration.ofSeconds(1)))
        .build();
  }
}
