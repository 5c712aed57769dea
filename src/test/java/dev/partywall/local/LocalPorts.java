package dev.partywall.local;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Where the parts of the local stack listen; 0 takes a free port. */
record LocalPorts(int service, int management, int issuer, int aws) {
  static LocalPorts from(Map<String, String> env) {
    return new LocalPorts(
        port(env, "PARTYWALL_PORT", 8080),
        port(env, "PARTYWALL_MANAGEMENT_PORT", 9090),
        port(env, "PARTYWALL_LOCAL_ISSUER_PORT", 9000),
        port(env, "PARTYWALL_LOCAL_AWS_PORT", 8000));
  }

  /** These, with a free one in each place that takes any. */
  LocalPorts settled() throws IOException {
    return new LocalPorts(settled(service), settled(management), issuer, aws);
  }

  /** One line for each port that can't be had. */
  List<String> faults() {
    var faults = new ArrayList<String>();
    check("PARTYWALL_PORT", service, faults);
    check("PARTYWALL_MANAGEMENT_PORT", management, faults);
    check("PARTYWALL_LOCAL_ISSUER_PORT", issuer, faults);
    check("PARTYWALL_LOCAL_AWS_PORT", aws, faults);
    return faults;
  }

  private static void check(String variable, int port, List<String> faults) {
    try (var socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    } catch (IOException _) {
      faults.add(
          "Port %d is taken: stop what listens there, or choose another: %s=0 ./mvnw -Plocal"
              .formatted(port, variable));
    }
  }

  private static int port(Map<String, String> env, String variable, int otherwise) {
    var value = env.getOrDefault(variable, "").strip();
    try {
      var port = value.isEmpty() ? otherwise : Integer.parseInt(value);
      if (port < 0 || port > 65_535) {
        throw new NumberFormatException("out of range");
      }
      return port;
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(variable + ": has to be a port: " + value, e);
    }
  }

  private static int settled(int port) throws IOException {
    if (port != 0) {
      return port;
    }
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
