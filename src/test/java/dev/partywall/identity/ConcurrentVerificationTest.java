package dev.partywall.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.partywall.http.Response;
import dev.partywall.http.Route;
import dev.partywall.tenancy.Execution;
import dev.partywall.tenancy.TenantContext;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Sends concurrent requests of many tenants through all filters. */
class ConcurrentVerificationTest {
  private static final int REQUESTS = 10_000;
  private static final int TENANTS = 100;

  private final CountDownLatch inHandler = new CountDownLatch(REQUESTS);
  private final Route route = Route.of("GET", "/orders", "orders:read", _ -> identity());

  @Test
  void keepsTheTenantsOfConcurrentRequestsApart() throws Exception {
    try (var fixture = AuthenticationFixture.withKeys();
        var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var tokens = IntStream.range(0, TENANTS).mapToObj(i -> token(fixture, i)).toList();
      var responses = new ArrayList<Future<Response>>();
      for (var i = 0; i < REQUESTS; i++) {
        var headers = Map.of("Authorization", "Bearer " + tokens.get(i % TENANTS));
        responses.add(executor.submit(() -> fixture.send(route, headers)));
      }
      for (var i = 0; i < REQUESTS; i++) {
        var body = new String(responses.get(i).get().body(), StandardCharsets.UTF_8);
        assertEquals("tenant-%1$d user-%1$d".formatted(i % TENANTS), body);
      }
    }
  }

  private static String token(AuthenticationFixture fixture, int i) {
    var token = fixture.issuer.token("tenant-" + i, "user-" + i, "orders:read");
    var signed = token.signedBy(fixture.issuer.key());
    fixture.authenticate.verify(signed); // cached, to avoid 10,000 verifications
    return signed;
  }

  /** Responds with the tenant and user when all requests have reached the handler. */
  private Response identity() {
    inHandler.countDown();
    try {
      inHandler.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    var user = Execution.currentIdentity().orElseThrow().subject();
    return Response.json(200, TenantContext.current().id() + " " + user);
  }
}
