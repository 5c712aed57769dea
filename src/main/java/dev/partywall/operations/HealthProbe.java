package dev.partywall.operations;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URISyntaxException;

/**
 * Asks a running service how it is: for a container's HEALTHCHECK, which has no shell to ask with.
 */
public final class HealthProbe {
  /** Both together, and the JVM's own start, fit into the 5 s that the Dockerfile gives. */
  private static final int CONNECT_MILLIS = 1_000;

  private static final int ANSWER_MILLIS = 2_500;

  private HealthProbe() {}

  /** 0 when the service on this machine says that it is ready, else 1: an exit status. */
  public static int ask(String host, int port) {
    try {
      var address = new URI("http", null, reachable(host), port, "/health/ready", null, null);
      var connection = (HttpURLConnection) address.toURL().openConnection();
      connection.setConnectTimeout(CONNECT_MILLIS);
      connection.setReadTimeout(ANSWER_MILLIS);
      return connection.getResponseCode() == HttpURLConnection.HTTP_OK ? 0 : 1;
    } catch (IOException | URISyntaxException e) {
      System.err.println("not reached: " + e.getMessage());
      return 1;
    }
  }

  /** What listens on all addresses is asked on the nearest one. */
  private static String reachable(String host) {
    return host.equals("0.0.0.0") || host.equals("::") || host.equals("[::]") ? "127.0.0.1" : host;
  }
}
