package dev.partywall.local;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;

/**
 * The readiness of a service on this machine.
 *
 * @param url of the readiness endpoint
 */
public record ReadinessCheck(URI url) {
  private static final int TIMEOUT_MILLIS = 1_000;

  /** Returns the check of a service with this management port. */
  public static ReadinessCheck at(int managementPort) {
    return new ReadinessCheck(URI.create("http://127.0.0.1:" + managementPort + "/health/ready"));
  }

  /** Returns whether the service is ready. A service that has not started is not. */
  public boolean isReady() {
    try {
      var connection = (HttpURLConnection) url.toURL().openConnection();
      connection.setConnectTimeout(TIMEOUT_MILLIS);
      connection.setReadTimeout(TIMEOUT_MILLIS);
      return connection.getResponseCode() == 200;
    } catch (IOException _) {
      return false;
    }
  }
}
