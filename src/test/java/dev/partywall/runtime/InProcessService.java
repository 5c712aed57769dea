package dev.partywall.runtime;

import dev.partywall.http.Handler;
import dev.partywall.http.Route;
import dev.partywall.http.server.RawClient;
import dev.partywall.http.server.RawClient.RawResponse;
import dev.partywall.local.LocalDynamo;
import dev.partywall.operations.Health;
import dev.partywall.orders.OrderRoutes;
import dev.partywall.service.Capability;
import dev.partywall.service.Offering;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Starts the service with its own wiring in this process. */
final class InProcessService implements AutoCloseable {
  final ServiceFixture fixture;

  InProcessService(LocalDynamo dynamo) throws IOException {
    fixture = new ServiceFixture(dynamo);
  }

  /** Returns settings with these variables in addition to those of the fixture. */
  Settings settings(Map<String, String> variables) throws Settings.InvalidSettingsException {
    var environment = new HashMap<>(fixture.environment());
    environment.putAll(variables);
    return Settings.from(environment, ServiceFixture.declare(List.of(OrderRoutes::of)));
  }

  /** Starts the orders service with these variables in addition to those of the fixture. */
  Service start(Map<String, String> variables) throws Exception {
    return Service.start(settings(variables), ServiceFixture.declare(List.of(OrderRoutes::of)));
  }

  /** Starts a service with these limits and the route {@code GET /probe}, until it is ready. */
  Service start(FilterChain.Limits limits, Handler handler) throws Exception {
    Capability probe =
        _ -> Offering.of("probe", List.of(Route.of("GET", "/probe", "orders:read", handler)));
    var parts = new Service.Replaceable(InstantSource.system(), System::nanoTime, limits);
    return awaitReady(
        Service.start(settings(Map.of()), ServiceFixture.declare(List.of(probe)), parts));
  }

  static Service awaitReady(Service service) throws InterruptedException {
    while (Health.check("127.0.0.1", service.managementPort()) != 0) {
      Thread.sleep(20);
    }
    return service;
  }

  /** Sends {@code GET /probe}. */
  RawClient send(Service service) throws IOException {
    var head =
        "GET /probe HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n\r\n"
            .formatted(fixture.token("acme", "alice"));
    return new RawClient(service.port()).send(head.getBytes(StandardCharsets.ISO_8859_1));
  }

  RawResponse get(Service service) throws IOException {
    try (var client = send(service)) {
      return client.read();
    }
  }

  @Override
  public void close() {
    fixture.close();
  }
}
