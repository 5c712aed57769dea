package dev.partywall.runtime;

import dev.partywall.concurrent.StartLimit;
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
   * Opens the management listener.
   *
   * @throws IOException if the port cannot be opened; the message names its variable
   */
  static JdkServer openManagement(Settings.ListenerSettings listener, Handler handler)
      throws IOException {
    return open(
        "PARTYWALL_MANAGEMENT_PORT",
        listener,
        handler,
        ListenerLimits.MANAGEMENT,
        StartLimit.none());
  }

  /**
   * Opens the public listener.
   *
   * @param starts limits the requests that are read and served at the same time
   * @throws IOException if the port cannot be opened; the message names its variable
   */
  static JdkServer openPublic(
      Settings.ListenerSettings listener, Handler handler, StartLimit starts) throws IOException {
    return open("PARTYWALL_PORT", listener, handler, ListenerLimits.DEFAULT, starts);
  }

  private static JdkServer open(
      String variable,
      Settings.ListenerSettings listener,
      Handler handler,
      ListenerLimits limits,
      StartLimit starts)
      throws IOException {
    try {
      var address = new InetSocketAddress(listener.host(), listener.port());
      return JdkServer.start(address, handler, limits, starts);
    } catch (IOException | UnresolvedAddressException e) {
      throw new IOException(
          "%s: cannot listen on %s:%d: %s"
              .formatted(variable, listener.host(), listener.port(), e.getMessage()),
          e);
    }
  }
}
