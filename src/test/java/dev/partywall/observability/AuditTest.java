package dev.partywall.observability;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.partywall.http.Body;
import dev.partywall.http.Handler;
import dev.partywall.http.Headers;
import dev.partywall.http.Match;
import dev.partywall.http.Refusal;
import dev.partywall.http.Refused;
import dev.partywall.http.Request;
import dev.partywall.http.Response;
import dev.partywall.http.Route;
import dev.partywall.http.Target;
import dev.partywall.tenancy.Caller;
import dev.partywall.tenancy.RequestScope;
import dev.partywall.tenancy.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class AuditTest {
  private final AtomicReference<Instant> now = new AtomicReference<>(CapturedLog.NOW);
  private final CapturedLog log = new CapturedLog();
  private final AuditTrail trail =
      new AuditTrail(
          new AuditChain(log.factory(), new RandomLongs(new SplittableRandom(1)), now::get),
          now::get);
  private final Audit audit = new Audit(trail);

  @Test
  void aChangeSaysWhoDidWhatToWhichThing() {
    call("POST", "/things", _ -> Response.of(201).with("Location", "/things/7"));
    var entry = entry();
    assertEquals("alice", entry.get("actor").textValue());
    assertEquals("acme", entry.get("tenant").textValue());
    assertEquals("POST /things/{id}", entry.get("action").textValue());
    assertEquals("/things/7", entry.get("thing").textValue());
    assertEquals("done", entry.get("outcome").textValue());
    assertEquals(201, entry.get("status").intValue());
    assertEquals("r1", entry.get("requestId").textValue());
    assertEquals("audit", entry.get("logger").textValue());
  }

  @Test
  void whatChangesNothingIsNoEntry() {
    call("GET", "/things/7", _ -> Response.of(200));
    call("PUT", "/things/7", _ -> Response.of(412));
    assertThrows(Refused.class, () -> call("GET", "/things/7", refusing(new Refusal.NotFound())));
    assertTrue(entries().isEmpty());
  }

  @Test
  void aRefusalSaysWhy() {
    var forbidden = new Refusal.Forbidden(Refusal.Forbidden.Reason.INSUFFICIENT_SCOPE);
    assertThrows(Refused.class, () -> call("DELETE", "/things/7", refusing(forbidden)));
    var entry = entry();
    assertEquals("refused", entry.get("outcome").textValue());
    assertEquals("insufficient-scope", entry.get("reason").textValue());
    assertEquals("/things/7", entry.get("thing").textValue());
    assertEquals("WARN", entry.get("level").textValue());
  }

  @Test
  void oneWhoIsUnknownIsAnonymous() {
    var refusing = refusing(new Refusal.Unauthenticated(true));
    assertThrows(Refused.class, () -> audit.filter(request("GET", "/things/7"), refusing));
    assertEquals("anonymous", entry().get("actor").textValue());
  }

  @Test
  void aTokenInThePathIsNotWritten() {
    var refusing = refusing(new Refusal.Unauthenticated(true));
    var path = "/things/eyJhbGciOiJub25lIn0.e30.c2lnbmF0dXJl";
    assertThrows(Refused.class, () -> audit.filter(request("GET", path), refusing));
    assertEquals("/things/[token]", entry().get("thing").textValue());
  }

  @Test
  void aFloodOfRefusalsIsCountedAndTheCountIsInTheChain() {
    var refusing = refusing(new Refusal.Unauthenticated(false));
    for (var i = 0; i < 10_000; i++) {
      assertThrows(Refused.class, () -> audit.filter(request("GET", "/things/7"), refusing));
    }
    assertEquals(10, entries().size());
    now.set(now.get().plusSeconds(11));
    trail.tick();
    assertEquals(11, entries().size());
    assertEquals(9_990, entries().getLast().get("count").longValue());
    trail.tick();
    assertEquals(11, entries().size());
  }

  @Test
  void theCountOfAFloodNamesTheTenantAndNoneOfItsUsers() {
    var refusing = refusing(new Refusal.Forbidden(Refusal.Forbidden.Reason.INSUFFICIENT_SCOPE));
    for (var i = 0; i < 20; i++) {
      assertThrows(Refused.class, () -> call("GET", "/things/7", refusing));
    }
    now.set(now.get().plusSeconds(11));
    trail.tick();
    var count = entries().getLast();
    assertEquals("acme", count.get("tenant").textValue());
    assertEquals("several", count.get("actor").textValue());
    assertEquals("several", count.get("thing").textValue());
    assertEquals(10, count.get("count").longValue());
    assertFalse(count.has("user"));
    assertFalse(count.has("requestId"));
  }

  @Test
  void anAnswerThatIsGivenAgainIsNoSecondChange() {
    call("POST", "/things", _ -> Response.of(201).with("Location", "/things/7").again());
    assertEquals("repeated", entry().get("outcome").textValue());
    assertEquals("/things/7", entry().get("thing").textValue());
  }

  @Test
  void aChangeOfWhichNobodyKnowsWhetherItWasMadeIsAnEntry() {
    var away = refusing(new Refusal.Unavailable("away", Duration.ofSeconds(1)));
    assertThrows(Refused.class, () -> call("PUT", "/things/7", away));
    assertEquals("unknown", entry().get("outcome").textValue());
    assertEquals("/things/7", entry().get("thing").textValue());
    Handler broken =
        _ -> {
          throw new IllegalStateException("broken");
        };
    assertThrows(IllegalStateException.class, () -> call("PUT", "/things/8", broken));
    assertEquals("unknown", entries().getLast().get("outcome").textValue());
    assertThrows(Refused.class, () -> call("GET", "/things/7", away));
    assertEquals(2, entries().size());
  }

  @Test
  void changesAreNeverCountedTogether() {
    for (var i = 0; i < 1_000; i++) {
      call("PUT", "/things/7", _ -> Response.of(200));
    }
    assertEquals(1_000, entries().size());
  }

  @Test
  void theWallsRefusalIsAnErrorThatNamesOperationAndResource() {
    scope().call(() -> wall());
    var entry = entry();
    assertEquals("ERROR", entry.get("level").textValue());
    assertEquals("wall", entry.get("reason").textValue());
    assertEquals("GetItem", entry.get("action").textValue());
    assertEquals("partywall-orders", entry.get("thing").textValue());
    assertEquals("acme", entry.get("tenant").textValue());
  }

  @Test
  void theEndWritesWhatWasCounted() {
    for (var i = 0; i < 15; i++) {
      wall();
    }
    trail.end(Duration.ZERO);
    var last = log.lines();
    assertEquals("end", last.getLast().get("action").textValue());
    assertEquals(5, last.get(last.size() - 2).get("count").longValue());
    assertFalse(last.getLast().has("count"));
  }

  private boolean wall() {
    trail.wall("GetItem", "partywall-orders");
    return true;
  }

  private void call(String method, String path, Handler end) {
    scope().call(() -> audit.filter(request(method, path), end));
  }

  private static RequestScope scope() {
    var scope = new RequestScope(new RequestScope.Ids("r1", "t1", "s1"));
    scope.identify(new Caller(new TenantId("acme"), Optional.of("free"), "alice"));
    return scope;
  }

  private static Handler refusing(Refusal refusal) {
    return _ -> {
      throw new Refused(refusal);
    };
  }

  private static Request request(String method, String path) {
    var route = Route.open(method, "/things/{id}", _ -> Response.of(200));
    return Request.of(method, new Target(path, List.of(), Map.of()), Headers.NONE, Body.NONE)
        .with(new Match.Found(route, Map.of()));
  }

  private JsonNode entry() {
    assertEquals(1, entries().size());
    return entries().getFirst();
  }

  /** All entries but the chain's first. */
  private List<JsonNode> entries() {
    return log.lines().stream().skip(1).toList();
  }
}
