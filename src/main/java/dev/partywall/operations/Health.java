package dev.partywall.operations;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.partywall.http.Response;
import dev.partywall.http.Route;
import java.time.Duration;
import java.util.List;

/**
 * Whether the service lives and whether it should get traffic.
 *
 * <p>Liveness knows nothing of dependencies: a restart mends none of them. Readiness is 503 until
 * each has been well once, and while the service drains. After that it stays 200, and says {@code
 * degraded} when something is away: taking every instance out of service at once, because one thing
 * that they share has the hiccups, would turn a part of the answers failing into all of them
 * failing.
 */
public final class Health implements AutoCloseable {
  private static final Duration UNTIL_READY = Duration.ofMillis(500);
  private static final Duration AFTERWARDS = Duration.ofSeconds(5);

  private final List<Dependency> dependencies;
  private final Thread watch;
  private volatile boolean draining;

  /** Watches those from now on. */
  public Health(List<Dependency> dependencies) {
    this.dependencies = List.copyOf(dependencies);
    this.watch = Thread.ofVirtual().name("health").start(this::keepLooking);
  }

  /** The routes of the management port. */
  public List<Route> routes() {
    return List.of(
        Route.open("GET", "/health/live", _ -> Response.json(200, "{\"status\":\"live\"}")),
        Route.open("GET", "/health/ready", _ -> readiness()));
  }

  /** Whether each dependency could be used at least once, and nobody has asked to drain. */
  public boolean ready() {
    return !draining && dependencies.stream().allMatch(each -> each.state().everUsable());
  }

  /** From now on the service is not ready: it is about to stop. */
  public void drain() {
    draining = true;
  }

  @Override
  public void close() {
    watch.interrupt();
  }

  private Response readiness() {
    var node = JsonNodeFactory.instance.objectNode();
    node.put("status", status());
    var checks = node.putArray("checks");
    dependencies.forEach(each -> describe(each, checks.addObject()));
    return Response.json(ready() ? 200 : 503, node.toString());
  }

  private String status() {
    if (draining) {
      return "draining";
    }
    if (!ready()) {
      return "starting";
    }
    return dependencies.stream().allMatch(each -> each.state().well()) ? "ready" : "degraded";
  }

  private static void describe(Dependency dependency, ObjectNode node) {
    var state = dependency.state();
    node.put("name", dependency.name())
        .put("status", state.well() ? "up" : "away")
        .put("since", state.since().toString());
    state.problem().ifPresent(problem -> node.put("problem", problem));
  }

  private void keepLooking() {
    try {
      while (true) {
        dependencies.forEach(Dependency::look);
        Thread.sleep(ready() ? AFTERWARDS : UNTIL_READY);
      }
    } catch (InterruptedException _) {
      // close() ends the watch this way
      Thread.currentThread().interrupt();
    }
  }
}
