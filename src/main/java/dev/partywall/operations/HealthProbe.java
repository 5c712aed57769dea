package dev.partywall.operations;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URISyntaxException;

/**
 * Requests the readiness of a running service. It serves as HEALTHCHECK in a container without a
 * shell.
 */
public final class HealthProbe {
  /** Both timeouts and the JVM start together fit into the 5 s limit of the Dockerfile. */
  private static final int CONNECT_TIMEOUT_MILLIS = 1_000;

  private static final int READ_TIMEOUT_MILLIS = 2_500;

  private HealthProbe() {}

  /** Returns the exit status: 0 if the service on this machine is ready, else 1. */
  public static int check(String host, int port) {
    try {
      return open(host, port).getResponseCode() == HttpURLConnection.HTTP_OK ? 0 : 1;
    } catch (IOException | URISyntaxException e) {
      System.err.println("The service is unreachable: " + e.getMessage());
      return 1;
    }
  }

  private static HttpURLConnection open(String host, int port)
      throws IOException, URISyntaxException {
    var address = new URI("http", null, reachableHost(host), port, "/health/ready", null, null);
    var connection = (HttpURLConnection) address.toURL().openConnection();
    connection.setConnectTimeout(CONNECT_TIMEOUT_MILLIS);
    connection.setReadTimeout(READ_TIMEOUT_MILLIS);
    return connection;
  }

  /** Replaces a wildcard address with the loopback address. */
  private static String reachableHost(String host) {
    return host.equals("0.0.0.0") || host.equals("::") || host.equals("[::]") ? "127.0.0.1" : host;
  }
}
