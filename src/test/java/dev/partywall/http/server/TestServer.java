package dev.partywall.http.server;

import dev.partywall.concurrent.Watchdog;
import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.error.TokenRejection;
import dev.partywall.http.Filter;
import dev.partywall.http.Response;
import dev.partywall.http.Route;
import dev.partywall.http.Router;
import dev.partywall.http.SelectRoute;
import dev.partywall.http.filters.ProblemDetailsFilter;
import dev.partywall.http.filters.RejectMalformed;
import dev.partywall.http.filters.RequestTimeout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A server on a free port with the basic filters and some test routes. */
final class TestServer implements AutoCloseable {
  private final Watchdog watchdog;
  final JdkServer server;

  private TestServer(Watchdog watchdog, JdkServer server) {
    this.watchdog = watchdog;
    this.server = server;
  }

  static TestServer start(Route... additional) {
    return start(ListenerLimits.DEFAULT, Duration.ofSeconds(9), additional);
  }

  static TestServer start(ListenerLimits limits, Duration requestTimeout, Route... additional) {
    var routes = new java.util.ArrayList<>(List.of(additional));
    routes.add(Route.open("GET", "/hello", _ -> Response.json(200, "{\"hello\":\"world\"}")));
    routes.add(Route.open("POST", "/echo", r -> Response.json(200, r.body().bytes())));
    routes.add(Route.open("POST", "/json", r -> Response.json(200, r.json())));
    routes.add(Route.open("POST", "/unread", _ -> Response.json(200, "{}")));
    routes.add(
        Route.open(
            "POST",
            "/reject",
            _ -> {
              throw new ApiException(new ApiError.Unauthenticated(TokenRejection.NO_BEARER));
            }));
    routes.add(
        Route.open(
            "GET",
            "/things/{id}",
            r ->
                Response.of(
                    200, "text/plain", r.parameter("id").getBytes(StandardCharsets.UTF_8))));
    routes.add(Route.open("DELETE", "/things/{id}", _ -> Response.of(204)));
    var router = new Router(routes);
    var watchdog = new Watchdog("request-timeout", requestTimeout, System::nanoTime).start();
    var chain =
        Filter.chain(
            List.of(
                new SelectRoute(router),
                new ProblemDetailsFilter("orders", () -> "0af7651916cd43dd8448eb211c80319c"),
                new RejectMalformed(),
                new RequestTimeout(watchdog, _ -> {})),
            router.dispatchHandler());
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try {
      return new TestServer(watchdog, JdkServer.start(address, chain, limits));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  RawClient client() throws IOException {
    return new RawClient(server.port());
  }

  /** Begins a drain in another thread. Returns its result. */
  CompletableFuture<Boolean> startDrain(Duration timeout) {
    return CompletableFuture.supplyAsync(
        () -> server.drain(timeout, Duration.ofMillis(200)), Thread::startVirtualThread);
  }

  @Override
  public void close() {
    server.close();
    watchdog.close();
  }
}
