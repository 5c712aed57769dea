package dev.partywall.runtime;

import static dev.partywall.runtime.ServicesWithOperators.send;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.http.server.RawClient;
import dev.partywall.local.LocalDynamo;
import dev.partywall.local.LocalTenants;
import dev.partywall.storage.TestPlacements;
import dev.partywall.tenancy.Placement;
import dev.partywall.tenancy.TenantId;
import java.util.Iterator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class RegistryOutageTest {
  private static final long PAUSE_MILLIS = 500;

  /** Enough for 20 s: an instance may use the last changes for 10 s. */
  private static final int TENANTS = 40;

  /**
   * Otherwise, an instance without the registry would serve a suspended tenant without end, because
   * it renews the credentials.
   */
  @Test
  void withoutTheRegistryAKnownTenantKeepsItsCredentialsAndNoneGetsNewOnes(LocalDynamo dynamo)
      throws Exception {
    try (var instances = new ServicesWithOperators(dynamo).start(1);
        var client = new RawClient(instances.ports().getFirst());
        var engine = dynamo.client()) {
      var names = IntStream.range(0, TENANTS).mapToObj(number -> "t" + number).toList();
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
      var served = tokens.getFirst();
      assertEquals(200, send(client, "GET", "/orders", served, "").status());

      engine.deleteTable(delete -> delete.tableName(instances.fixture.prefix + "tenants"));

      awaitRejection(client, tokens.subList(1, TENANTS).iterator());
      assertEquals(200, send(client, "GET", "/orders", served, "").status());
    }
  }

  /** The first request of each tenant needs new credentials. */
  private static void awaitRejection(RawClient client, Iterator<String> tokens) throws Exception {
    while (true) {
      assertTrue(tokens.hasNext(), "credentials are issued without the registry");
      var status = send(client, "GET", "/orders", tokens.next(), "").status();
      if (status == 503) {
        return;
      }
      assertEquals(200, status);
      Thread.sleep(PAUSE_MILLIS);
    }
  }
}
