package dev.partywall.isolation;

import java.time.Duration;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.retries.StandardRetryStrategy;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.StsClientBuilder;

/** How STS is talked to: within limits that leave a request of 10 s time for its actual work. */
public final class StsClients {
  /** So long a call takes at most, its second attempt included. */
  static final Duration CALL = Duration.ofSeconds(4);

  private static final Duration ATTEMPT = Duration.ofSeconds(2);
  private static final Duration CONNECT = Duration.ofSeconds(1);
  private static final int ATTEMPTS = 2;

  /** For first requests of as many tenants at once; those beyond wait for a connection. */
  private static final int CONNECTIONS = 64;

  private StsClients() {}

  /**
   * A client to be. It has a pool of its own, so that a slow STS holds no connection to DynamoDB;
   * region and credentials are found as the SDK does it unless the caller sets them, and the
   * endpoint is the region's own: a session must not depend on another region.
   */
  public static StsClientBuilder client() {
    return StsClient.builder()
        .httpClientBuilder(
            Apache5HttpClient.builder()
                .maxConnections(CONNECTIONS)
                .connectionTimeout(CONNECT)
                .connectionAcquisitionTimeout(CALL)
                .socketTimeout(ATTEMPT))
        .overrideConfiguration(limits());
  }

  private static ClientOverrideConfiguration limits() {
    return ClientOverrideConfiguration.builder()
        .apiCallTimeout(CALL)
        .apiCallAttemptTimeout(ATTEMPT)
        .retryStrategy(retries())
        .build();
  }

  /** Pauses short enough for somebody who waits. */
  private static StandardRetryStrategy retries() {
    var pause = BackoffStrategy.exponentialDelay(Duration.ofMillis(50), Duration.ofMillis(500));
    return AwsRetryStrategy.standardRetryStrategy().toBuilder()
        .maxAttempts(ATTEMPTS)
        .backoffStrategy(pause)
        .throttlingBackoffStrategy(pause)
        .build();
  }
}
