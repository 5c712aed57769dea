package dev.partywall.http.server;

/**
 * Gives other packages access to {@link ServerProperties}. The JDK reads the properties only when
 * it creates the first {@code com.sun.net.httpserver.HttpServer} of the JVM. All code that may
 * create the first server must therefore install them. Otherwise the service's limits silently have
 * no effect.
 */
public final class ServerPropertiesInstaller {
  private ServerPropertiesInstaller() {}

  /** Installs the properties. Must run before a server is created. */
  public static void install() {
    ServerProperties.install();
  }
}
