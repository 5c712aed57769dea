package dev.partywall.local;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The ports of the local stack; 0 picks a free port. */
public record LocalPorts(int service, int management, int issuer, int aws) {
  static LocalPorts fromEnvironment(Map<String, String> env) {
    return new LocalPorts(
        port(env, "PARTYWALL_PORT", 8080),
        port(env, "PARTYWALL_MANAGEMENT_PORT", 9090),
        port(env, "PARTYWALL_LOCAL_ISSUER_PORT", 9000),
        port(env, "PARTYWALL_LOCAL_AWS_PORT", 8000));
  }

  /** Returns free ports: those of the service are fixed from now on, the others at their start. */
  public static LocalPorts free() throws IOException {
    return new LocalPorts(0, 0, 0, 0).resolved();
  }

  /** Returns the variables that select the ports of the service. */
  public Map<String, String> variables() {
    return Map.of(
        "PARTYWALL_PORT", String.valueOf(service),
        "PARTYWALL_MANAGEMENT_PORT", String.valueOf(management));
  }

  /** Returns the same ports, with the service and management ports resolved if they are 0. */
  LocalPorts resolved() throws IOException {
    return new LocalPorts(resolved(service), resolved(management), issuer, aws);
  }

  /** Returns one message for each port that is unavailable. */
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
          "Port %d is in use. Stop the process that listens on it, or choose another: %s=0 ./mvnw -Plocal"
              .formatted(port, variable));
    }
  }

  private static int port(Map<String, String> env, String variable, int defaultPort) {
    var value = env.getOrDefault(variable, "").strip();
    try {
      var port = value.isEmpty() ? defaultPort : Integer.parseInt(value);
      if (port < 0 || port > 65_535) {
        throw new NumberFormatException("Out of range");
      }
      return port;
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(variable + ": not a port: " + value, e);
    }
  }

  private static int resolved(int port) throws IOException {
    if (port != 0) {
      return port;
    }
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
