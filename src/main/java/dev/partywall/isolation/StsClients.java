package dev.partywall.isolation;

import java.time.Duration;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.retries.StandardRetryStrategy;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.StsClientBuilder;

/**
 * STS clients. Their timeouts leave a request with a 10 s limit enough time for its DynamoDB calls.
 */
public final class StsClients {
  /** Timeout of a call, including its second attempt. */
  static final Duration CALL_TIMEOUT = Duration.ofSeconds(4);

  private static final Duration ATTEMPT_TIMEOUT = Duration.ofSeconds(2);
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);
  private static final int MAX_ATTEMPTS = 2;

  /** The number of tenants whose first requests can call STS concurrently; others queue. */
  private static final int MAX_CONNECTIONS = 64;

  private StsClients() {}

  /**
   * Returns a client builder. The client has a separate connection pool, so a slow STS occupies no
   * DynamoDB connection. The SDK determines region and credentials unless the caller sets them. The
   * endpoint is the regional one, so a session does not depend on another region.
   */
  public static StsClientBuilder builder() {
    return StsClient.builder()
        .httpClientBuilder(
            Apache5HttpClient.builder()
                .maxConnections(MAX_CONNECTIONS)
                .connectionTimeout(CONNECT_TIMEOUT)
                .connectionAcquisitionTimeout(CALL_TIMEOUT)
                .socketTimeout(ATTEMPT_TIMEOUT))
        .overrideConfiguration(limits());
  }

  private static ClientOverrideConfiguration limits() {
    return ClientOverrideConfiguration.builder()
        .apiCallTimeout(CALL_TIMEOUT)
        .apiCallAttemptTimeout(ATTEMPT_TIMEOUT)
        .retryStrategy(retries())
        .build();
  }

  /** Uses short delays, because a request is waiting. */
  private static StandardRetryStrategy retries() {
    var backoff = BackoffStrategy.exponentialDelay(Duration.ofMillis(50), Duration.ofMillis(500));
    return AwsRetryStrategy.standardRetryStrategy().toBuilder()
        .maxAttempts(MAX_ATTEMPTS)
        .backoffStrategy(backoff)
        .throttlingBackoffStrategy(backoff)
        .build();
  }
}
