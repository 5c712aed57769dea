package dev.partywall.storage;

import java.time.Duration;
import software.amazon.awssdk.http.SdkHttpClient;

/** Exposes the product's time limit for HTTP exchanges to benchmarks in other packages. */
public final class BoundedClients {
  /** The product's time limit of an attempt. */
  private static final Duration ATTEMPT_TIMEOUT = Duration.ofSeconds(2);

  private BoundedClients() {}

  /** Returns a builder of a client that aborts exchanges at the time limit. */
  public static SdkHttpClient.Builder<?> wrap(SdkHttpClient.Builder<?> client) {
    return new BoundedHttpClient.Builder(client, ATTEMPT_TIMEOUT);
  }
}
