package dev.partywall.runtime;

import static dev.partywall.runtime.ServicesWithOperators.send;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.partywall.http.server.RawClient;
import dev.partywall.http.server.RawClient.RawResponse;
import dev.partywall.local.LocalDynamo;
import dev.partywall.local.LocalOidcIssuer;
import dev.partywall.orders.OrderRoutes;
import dev.partywall.service.Capability;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A service with two issuers of operators. */
@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class OperatorIssuersTest {
  private static RawResponse register(
      RawClient client, LocalOidcIssuer issuer, String name, String key) throws IOException {
    return send(
        client,
        "POST",
        "/tenants",
        issuer.operatorToken("olga", "tenants:admin").signedBy(issuer.key()),
        "{\"name\":\"%s\",\"tier\":\"free\"}".formatted(name),
        "Content-Type: application/json",
        "Idempotency-Key: " + key);
  }

  private static String location(RawResponse registered) {
    assertEquals(201, registered.status(), registered::text);
    return registered.field("Location").orElseThrow();
  }

  @Test
  void operatorsOfDifferentIssuersWithTheSameSubjectHaveSeparateIdempotencyKeys(LocalDynamo dynamo)
      throws Exception {
    try (var process = new InProcessService(dynamo)) {
      var first = process.fixture.issuer.operators("/first");
      var second = process.fixture.issuer.operators("/second");
      var settings =
          process.settings(
              Map.of("PARTYWALL_OPERATOR_ISSUERS", first.name() + "," + second.name()));
      var capabilities = List.<Capability>of(OrderRoutes::of);
      var service =
          InProcessService.awaitReady(
              ServiceFixture.start(settings, capabilities, Service.Replaceable.production()));
      try (var client = new RawClient(service.port())) {
        var acme = location(register(client, first, "Acme", "same"));
        var sameContent = location(register(client, second, "Acme", "same"));
        assertNotEquals(acme, sameContent);
        location(register(client, first, "Globex", "other"));
        location(register(client, second, "Initech", "other"));

        assertEquals(acme, location(register(client, first, "Acme", "same")));
        assertEquals(sameContent, location(register(client, second, "Acme", "same")));
        assertEquals(422, register(client, second, "Globex", "other").status());
      } finally {
        service.drain();
      }
    }
  }
}
