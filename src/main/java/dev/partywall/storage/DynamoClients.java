package dev.partywall.storage;

import dev.partywall.isolation.TenantCredentials;
import dev.partywall.isolation.TenantDynamo;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.retries.StandardRetryStrategy;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClientBuilder;

/**
 * Builds the DynamoDB clients. Each client maps errors as {@link ErrorMappingDynamo} describes.
 *
 * <p>A call makes at most three attempts of at most 2 s each. The SDK's defaults are nine attempts
 * of 30 s. The total time of a request with several calls is limited by the request timeout, not
 * here.
 *
 * @param interceptors the interceptors of every call
 * @param denials receives the calls that AWS denied
 * @param configuration changes the SDK's builder, for example its endpoint; by default the SDK
 *     resolves region, endpoint and credentials
 * @see <a href="https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html">Retry
 *     behavior</a>
 */
public record DynamoClients(
    List<ExecutionInterceptor> interceptors,
    AccessDenialListener denials,
    Consumer<DynamoDbClientBuilder> configuration) {
  private static final int MAX_CONNECTIONS = 512;
  private static final int MAX_ATTEMPTS = 3;
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);
  private static final Duration ATTEMPT_TIMEOUT = Duration.ofSeconds(2);

  /** Returns a client with the service's own credentials. */
  public DynamoDbClient build() {
    return new ErrorMappingDynamo(builder().build(), denials);
  }

  /** Returns a client with the bound tenant's credentials. */
  public DynamoDbClient build(TenantCredentials credentials) {
    var client = builder().credentialsProvider(credentials).build();
    return new ErrorMappingDynamo(new TenantDynamo(client, credentials), denials);
  }

  private DynamoDbClientBuilder builder() {
    return DynamoDbClient.builder()
        .httpClientBuilder(new BoundedHttpClient.Builder(connections(), ATTEMPT_TIMEOUT))
        .overrideConfiguration(
            ClientOverrideConfiguration.builder()
                .retryStrategy(retries())
                .executionInterceptors(interceptors)
                // Last: for responses, the order of the interceptors is reversed.
                .addExecutionInterceptor(new CompleteResponses())
                .build())
        .applyMutation(configuration);
  }

  /**
   * Configures connections without a socket timeout, which would start a timer for each read.
   * {@link BoundedHttpClient} limits the wait for a response at a lower cost.
   */
  private static Apache5HttpClient.Builder connections() {
    return Apache5HttpClient.builder()
        .maxConnections(MAX_CONNECTIONS)
        .connectionTimeout(CONNECT_TIMEOUT)
        .connectionAcquisitionTimeout(CONNECT_TIMEOUT)
        .socketTimeout(Duration.ZERO);
  }

  /**
   * Shortens the pauses between attempts to milliseconds, in which DynamoDB usually recovers. The
   * SDK's defaults take a second or more.
   */
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
