package dev.partywall.runtime;

import static dev.partywall.runtime.ServicesWithOperators.send;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.partywall.http.server.RawClient;
import dev.partywall.local.LocalDynamo;
import dev.partywall.local.LocalTenants;
import dev.partywall.storage.TestPlacements;
import dev.partywall.tenancy.Placement;
import dev.partywall.tenancy.TenantId;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class RegistryOutageTest {
  private final AtomicLong pause = new AtomicLong();

  /**
   * Otherwise, an instance without the registry would serve a suspended tenant without end, because
   * it renews the credentials.
   */
  @Test
  void withoutTheRegistryAKnownTenantKeepsItsCredentialsAndNoneGetsNewOnes(LocalDynamo dynamo)
      throws Exception {
    LongSupplier nanoTime = () -> System.nanoTime() + pause.get();
    try (var instances = new ServicesWithOperators(dynamo).start(nanoTime);
        var client = new RawClient(instances.ports().getFirst());
        var engine = dynamo.client()) {
      var names = List.of("served", "within10s", "after10s");
      LocalTenants.register(
          engine,
          instances.fixture.prefix,
          names.stream()
              .map(name -> TestPlacements.registration(new TenantId(name), new Placement.Pool()))
              .toList());
      var tokens = names.stream().map(name -> instances.fixture.token(name, "alice")).toList();
      for (var token : tokens) {
        assertEquals(200, send(client, "GET", "/tenant", token, "").status()); // no credentials yet
      }
      assertEquals(200, send(client, "GET", "/orders", tokens.get(0), "").status());

      engine.deleteTable(delete -> delete.tableName(instances.fixture.prefix + "tenants"));

      pause.set(Duration.ofSeconds(5).toNanos());
      assertEquals(200, send(client, "GET", "/orders", tokens.get(1), "").status());
      pause.set(Duration.ofSeconds(11).toNanos());
      assertEquals(503, send(client, "GET", "/orders", tokens.get(2), "").status());
      assertEquals(200, send(client, "GET", "/orders", tokens.get(0), "").status());
    }
  }
}
