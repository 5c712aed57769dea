package dev.partywall.http.server;

import dev.partywall.http.Response;
import dev.partywall.http.Route;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/**
 * Serves requests on two ports until the end of standard input. Prints the closed connections for
 * each byte.
 */
final class TestServerMain {
  private static final ListenerLimits IMPATIENT =
      new ListenerLimits(
          1_000, Duration.ofSeconds(9), Duration.ofSeconds(10), Duration.ofSeconds(2), 50, true);

  private static Route endless() {
    return Route.open(
        "GET",
        "/endless",
        _ ->
            Response.stream(
                200,
                "text/plain",
                out -> {
                  while (true) {
                    out.write(new byte[10_000]);
                  }
                }));
  }

  private static Route failing() {
    return Route.open(
        "GET",
        "/failing",
        _ ->
            Response.stream(
                200,
                "text/plain",
                out -> {
                  out.write(new byte[1]);
                  throw new AssertionError("this stream is incomplete");
                }));
  }

  /** Responds when the time limit of the request expires. */
  private static Route waiting() {
    return Route.open(
        "GET",
        "/waiting",
        _ -> {
          try {
            new CountDownLatch(1).await();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
          return Response.of(204);
        });
  }

  public static void main(String[] args) throws IOException {
    var routes = new Route[] {endless(), failing(), waiting()};
    try (var server = TestServer.start(IMPATIENT, Duration.ofSeconds(9), routes);
        var other = TestServer.start()) {
      System.out.println(server.server.port());
      System.out.println(other.server.port());
      while (System.in.read() >= 0) {
        System.out.println(server.server.closedConnections());
      }
    }
  }
}
