package dev.partywall.http;

/**
 * For whatever else makes a {@code com.sun.net.httpserver.HttpServer} in the same JVM: the JDK
 * reads that server's properties once, when the first one is made, so each one that could be first
 * must bring the service's own. Without it the service's limits are silently not in force.
 */
public final class ServerSettings {
  private ServerSettings() {}

  /** To be called before a server is made. */
  public static void install() {
    ServerProperties.install();
  }
}
