package dev.partywall.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.partywall.http.Response;
import dev.partywall.http.Route;
import dev.partywall.tenancy.RequestScope;
import dev.partywall.tenancy.TenantContext;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Many tenants at once, through all doors. */
class CrowdTest {
  private static final int REQUESTS = 10_000;
  private static final int TENANTS = 100;

  private final CountDownLatch inside = new CountDownLatch(REQUESTS);
  private final Route route = Route.of("GET", "/orders", "orders:read", _ -> whoIsIt());

  @Test
  void tenThousandConcurrentRequestsOfAHundredTenantsNeverSeeEachOthers() throws Exception {
    try (var gatehouse = Gatehouse.open();
        var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var tokens = IntStream.range(0, TENANTS).mapToObj(i -> token(gatehouse, i)).toList();
      var answers = new ArrayList<Future<Response>>();
      for (var i = 0; i < REQUESTS; i++) {
        var headers = Map.of("Authorization", "Bearer " + tokens.get(i % TENANTS));
        answers.add(executor.submit(() -> gatehouse.ask(route, headers)));
      }
      for (var i = 0; i < REQUESTS; i++) {
        var body = new String(answers.get(i).get().body(), StandardCharsets.UTF_8);
        assertEquals("tenant-%1$d user-%1$d".formatted(i % TENANTS), body);
      }
    }
  }

  private static String token(Gatehouse gatehouse, int i) {
    var token = gatehouse.issuer.token("tenant-" + i, "user-" + i, "orders:read");
    var signed = token.signedBy(gatehouse.issuer.key());
    gatehouse.authenticate.verified(signed); // so that the crowd costs no 10,000 verifications
    return signed;
  }

  /** Answers once all the others have come this far too. */
  private Response whoIsIt() {
    inside.countDown();
    try {
      inside.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    var user = RequestScope.current().flatMap(RequestScope::caller).orElseThrow().user();
    return Response.json(200, TenantContext.current().id() + " " + user);
  }
}
