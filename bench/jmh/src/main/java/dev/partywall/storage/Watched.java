package dev.partywall.storage;

import java.time.Duration;
import software.amazon.awssdk.http.SdkHttpClient;

/** Lets benchmarks elsewhere have the product's watch over an HTTP client of their own. */
public final class Watched {
  /** As long as an attempt may take in the product. */
  private static final Duration LIMIT = Duration.ofSeconds(2);

  private Watched() {}

  /** That client to be, its exchanges ended when their time is up. */
  public static SdkHttpClient.Builder<?> over(SdkHttpClient.Builder<?> client) {
    return new BoundedHttpClient.Builder(client, LIMIT);
  }
}
