package dev.partywall.operations;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.partywall.concurrent.Periodic;
import dev.partywall.http.Response;
import dev.partywall.http.Route;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Liveness and readiness of the service.
 *
 * <p>Liveness ignores dependencies, because a restart repairs none of them. Readiness is 503 until
 * each dependency has been usable at least once, and while the service drains. Between these, it is
 * always 200 and reports {@code degraded} if a dependency has a problem. If readiness followed a
 * shared dependency, its failure would take every instance out of service, and a partial failure
 * would become a total one.
 */
public final class Health implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Health.class);
  private static final Duration INTERVAL_BEFORE_READY = Duration.ofMillis(500);
  private static final Duration INTERVAL_WHEN_READY = Duration.ofSeconds(5);

  /** Both timeouts and the JVM start together fit into the 5 s limit of the Dockerfile. */
  private static final int CONNECT_TIMEOUT_MILLIS = 1_000;

  private static final int READ_TIMEOUT_MILLIS = 2_500;

  private final List<DependencyHealth> dependencies;
  private volatile boolean serving;
  private volatile boolean draining;
  private volatile @Nullable Periodic probing;

  Health(List<DependencyHealth> dependencies) {
    this.dependencies = List.copyOf(dependencies);
  }

  /** Starts to probe the dependencies. */
  public static Health start(List<DependencyHealth> dependencies) {
    var health = new Health(dependencies);
    health.probing = Periodic.startNow(LOG, "health", health::interval, health::probe);
    return health;
  }

  /** Returns the health routes of the management port. */
  public List<Route> routes() {
    return List.of(
        Route.open("GET", "/health/live", _ -> Response.json(200, "{\"status\":\"live\"}")),
        Route.open("GET", "/health/ready", _ -> readiness()));
  }

  /**
   * Returns whether the service accepts requests, each dependency was usable at least once, and the
   * service is not draining.
   */
  public boolean ready() {
    return serving
        && !draining
        && dependencies.stream().allMatch(dependency -> dependency.state().everUsable());
  }

  /** Permits readiness, because the public port is open: it opens after the management port. */
  public void serve() {
    serving = true;
  }

  /** Ends readiness, because the service is about to stop. */
  public void drain() {
    draining = true;
  }

  /** Ends the probing. Does not wait for a slow probe. */
  @Override
  public void close() {
    var running = probing;
    if (running != null) {
      running.stop();
    }
  }

  private Response readiness() {
    var node = JsonNodeFactory.instance.objectNode();
    node.put("status", status());
    var checks = node.putArray("checks");
    dependencies.forEach(dependency -> describe(dependency, checks.addObject()));
    return Response.json(ready() ? 200 : 503, node.toString());
  }

  private String status() {
    if (draining) {
      return "draining";
    }
    if (!ready()) {
      return "starting";
    }
    return dependencies.stream().allMatch(dependency -> dependency.state().isHealthy())
        ? "ready"
        : "degraded";
  }

  private static void describe(DependencyHealth dependency, ObjectNode node) {
    var state = dependency.state();
    node.put("name", dependency.name())
        .put("status", state.isHealthy() ? "up" : "down")
        .put("since", state.since().toString());
    state.problem().ifPresent(problem -> node.put("problem", problem));
  }

  private void probe() {
    dependencies.forEach(DependencyHealth::check);
  }

  private Duration interval() {
    return ready() ? INTERVAL_WHEN_READY : INTERVAL_BEFORE_READY;
  }

  /**
   * Requests the readiness of a running service. It serves as HEALTHCHECK in a container without a
   * shell.
   *
   * @return the exit status: 0 if the service on this machine is ready, else 1
   */
  public static int check(String host, int port) {
    try {
      return open(host, port).getResponseCode() == HttpURLConnection.HTTP_OK ? 0 : 1;
    } catch (IOException | URISyntaxException e) {
      System.err.println("The service is unreachable: " + e.getMessage());
      return 1;
    }
  }

  private static HttpURLConnection open(String host, int port)
      throws IOException, URISyntaxException {
    var address = new URI("http", null, reachableHost(host), port, "/health/ready", null, null);
    var connection = (HttpURLConnection) address.toURL().openConnection();
    connection.setConnectTimeout(CONNECT_TIMEOUT_MILLIS);
    connection.setReadTimeout(READ_TIMEOUT_MILLIS);
    return connection;
  }

  /** Replaces a wildcard address with the loopback address. */
  private static String reachableHost(String host) {
    return host.equals("0.0.0.0") || host.equals("::") || host.equals("[::]") ? "127.0.0.1" : host;
  }
}
