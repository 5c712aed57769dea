package dev.partywall.runtime;

import dev.partywall.http.Handler;
import dev.partywall.http.server.JdkServer;
import dev.partywall.http.server.ListenerLimits;
import dev.partywall.runtime.Settings.ListenerSettings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.UnresolvedAddressException;

/** Reads the addresses of the service's listeners, and opens them. */
final class Listeners {
  private Listeners() {}

  /** Reads the address of the public listener. */
  static ListenerSettings ofService(Environment env) {
    return new ListenerSettings(
        env.host("PARTYWALL_HOST", "0.0.0.0"), env.number("PARTYWALL_PORT", 8080, 0, 65_535));
  }

  /** Reads the address of the management listener. */
  static ListenerSettings ofManagement(Environment env) {
    return new ListenerSettings(
        env.host("PARTYWALL_MANAGEMENT_HOST", "127.0.0.1"),
        env.number("PARTYWALL_MANAGEMENT_PORT", 9090, 0, 65_535));
  }

  /** Adds a fault if both listeners need the same port of the same address. */
  static void requireDistinct(
      Environment env, ListenerSettings service, ListenerSettings management) {
    var samePort = service.port() != 0 && service.port() == management.port();
    if (samePort && overlap(address(service), address(management))) {
      env.fault(
          "PARTYWALL_MANAGEMENT_PORT",
          "must differ from PARTYWALL_PORT, because the addresses of the listeners overlap");
    }
  }

  private static boolean overlap(InetSocketAddress one, InetSocketAddress other) {
    return one.equals(other) || isAnyLocal(one) || isAnyLocal(other);
  }

  private static boolean isAnyLocal(InetSocketAddress address) {
    return !address.isUnresolved() && address.getAddress().isAnyLocalAddress();
  }

  private static InetSocketAddress address(ListenerSettings listener) {
    return new InetSocketAddress(listener.host(), listener.port());
  }

  /**
   * Opens a listener.
   *
   * @param variable the variable that configures the port
   * @throws IOException if the port cannot be opened; the message names the variable
   */
  static JdkServer open(
      String variable, ListenerSettings listener, Handler handler, ListenerLimits limits)
      throws IOException {
    try {
      return JdkServer.start(address(listener), handler, limits);
    } catch (IOException | UnresolvedAddressException e) {
      throw new IOException(
          "%s: cannot listen on %s:%d: %s"
              .formatted(variable, listener.host(), listener.port(), e.getMessage()),
          e);
    }
  }
}
