package dev.partywall.runtime;

import dev.partywall.http.Handler;
import dev.partywall.http.server.JdkServer;
import dev.partywall.http.server.ListenerLimits;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.UnresolvedAddressException;

/** Opens the listeners of the service. */
final class Listeners {
  private Listeners() {}

  /**
   * Opens a listener.
   *
   * @param variable the variable that configures the port
   * @throws IOException if the port cannot be opened; the message names the variable
   */
  static JdkServer open(
      String variable, Settings.ListenerSettings listener, Handler handler, ListenerLimits limits)
      throws IOException {
    try {
      var address = new InetSocketAddress(listener.host(), listener.port());
      return JdkServer.start(address, handler, limits);
    } catch (IOException | UnresolvedAddressException e) {
      throw new IOException(
          "%s: cannot listen on %s:%d: %s"
              .formatted(variable, listener.host(), listener.port(), e.getMessage()),
          e);
    }
  }
}
