package dev.partywall.observability.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.error.TokenRejection;
import dev.partywall.http.Body;
import dev.partywall.http.Handler;
import dev.partywall.http.Headers;
import dev.partywall.http.Match;
import dev.partywall.http.Request;
import dev.partywall.http.RequestTarget;
import dev.partywall.http.Response;
import dev.partywall.http.Route;
import dev.partywall.observability.log.CapturedLog;
import dev.partywall.observability.trace.TraceIds;
import dev.partywall.tenancy.Execution;
import dev.partywall.tenancy.Identity;
import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantContext;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.TestExecution;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class AuditFilterTest {
  private final AtomicReference<Instant> now = new AtomicReference<>(CapturedLog.NOW);
  private final CapturedLog log = new CapturedLog();
  private final AuditLog auditLog =
      new AuditLog(
          new AuditWriter(log.factory().reservedOutput(), TraceIds.ofThreadLocalRandom(), now::get),
          now::get);
  private final AuditFilter audit = new AuditFilter(auditLog, Set.of());

  @Test
  void recordsActorActionAndObjectOfAChange() {
    call("POST", "/things", _ -> Response.of(201).with("Location", "/things/7"));
    var entry = entry();
    assertEquals("alice", entry.get("actor").textValue());
    assertEquals("acme", entry.get("tenant").textValue());
    assertEquals("POST /things/{id}", entry.get("action").textValue());
    assertEquals("/things/7", entry.get("object").textValue());
    assertEquals("done", entry.get("outcome").textValue());
    assertEquals(201, entry.get("status").intValue());
    assertEquals("r1", entry.get("requestId").textValue());
    assertEquals("audit", entry.get("logger").textValue());
  }

  @Test
  void writesNoEntryWithoutAChange() {
    call("GET", "/things/7", _ -> Response.of(200));
    call("PUT", "/things/7", _ -> Response.of(412));
    assertThrows(
        ApiException.class, () -> call("GET", "/things/7", rejecting(new ApiError.NotFound())));
    assertTrue(entries().isEmpty());
  }

  @Test
  void recordsTheReasonOfARejection() {
    var forbidden = new ApiError.Forbidden(ApiError.Forbidden.Reason.INSUFFICIENT_SCOPE);
    assertThrows(ApiException.class, () -> call("DELETE", "/things/7", rejecting(forbidden)));
    var entry = entry();
    assertEquals("rejected", entry.get("outcome").textValue());
    assertEquals("insufficient-scope", entry.get("reason").textValue());
    assertEquals("/things/7", entry.get("object").textValue());
    assertEquals("WARN", entry.get("level").textValue());
  }

  @Test
  void recordsUnauthenticatedCallersAsAnonymous() {
    var rejecting = rejecting(new ApiError.Unauthenticated(TokenRejection.EXPIRED));
    assertThrows(ApiException.class, () -> audit.filter(request("GET", "/things/7"), rejecting));
    assertEquals("anonymous", entry().get("actor").textValue());
    assertEquals("expired", entry().get("reason").textValue());
  }

  @Test
  void redactsTokensInPaths() {
    var rejecting = rejecting(new ApiError.Unauthenticated(TokenRejection.EXPIRED));
    var path = "/things/eyJhbGciOiJub25lIn0.e30.c2lnbmF0dXJl";
    assertThrows(ApiException.class, () -> audit.filter(request("GET", path), rejecting));
    assertEquals("/things/[token]", entry().get("object").textValue());
  }

  @Test
  void aggregatesEqualRejectionsIntoOneEntryOfTheChain() {
    var rejecting = rejecting(new ApiError.Unauthenticated(TokenRejection.NO_BEARER));
    for (var i = 0; i < 10_000; i++) {
      assertThrows(ApiException.class, () -> audit.filter(request("GET", "/things/7"), rejecting));
    }
    assertEquals(10, entries().size());
    now.set(now.get().plusSeconds(11));
    auditLog.writeDueCounts();
    assertEquals(11, entries().size());
    assertEquals(9_990, entries().getLast().get("count").longValue());
    auditLog.writeDueCounts();
    assertEquals(11, entries().size());
  }

  @Test
  void namesTheTenantButNoUserInAnAggregatedEntry() {
    var rejecting = rejecting(new ApiError.Forbidden(ApiError.Forbidden.Reason.INSUFFICIENT_SCOPE));
    for (var i = 0; i < 20; i++) {
      assertThrows(ApiException.class, () -> call("GET", "/things/7", rejecting));
    }
    now.set(now.get().plusSeconds(11));
    auditLog.writeDueCounts();
    var count = entries().getLast();
    assertEquals("acme", count.get("tenant").textValue());
    assertEquals("several", count.get("actor").textValue());
    assertEquals("several", count.get("object").textValue());
    assertEquals(10, count.get("count").longValue());
    assertFalse(count.has("user"));
    assertFalse(count.has("requestId"));
  }

  @Test
  void recordsARepeatedResponseAsRepeated() {
    call("POST", "/things", _ -> Response.of(201).with("Location", "/things/7").asReplay());
    assertEquals("repeated", entry().get("outcome").textValue());
    assertEquals("/things/7", entry().get("object").textValue());
  }

  @Test
  void recordsChangesWithAnUnknownResult() {
    var unavailable = rejecting(new ApiError.Unavailable("unavailable", Duration.ofSeconds(1)));
    assertThrows(ApiException.class, () -> call("PUT", "/things/7", unavailable));
    assertEquals("unknown", entry().get("outcome").textValue());
    assertEquals("/things/7", entry().get("object").textValue());
    Handler broken =
        _ -> {
          throw new IllegalStateException("broken");
        };
    assertThrows(IllegalStateException.class, () -> call("PUT", "/things/8", broken));
    assertEquals("unknown", entries().getLast().get("outcome").textValue());
    assertThrows(ApiException.class, () -> call("GET", "/things/7", unavailable));
    assertEquals(2, entries().size());
  }

  @Test
  void namesTheOperatorAndTheTenantThatWasBound() {
    var execution = TestExecution.of(new Identity.Operator("olga", Set.of("tenants:admin")));
    Handler handler =
        _ -> execution.callForTenant(new Tenant(new TenantId("globex")), () -> Response.of(204));
    execution.call(() -> audit.filter(request("DELETE", "/things/7"), handler));
    var entry = entry();
    assertEquals("olga", entry.get("actor").textValue());
    assertEquals("operator", entry.get("actorType").textValue());
    assertEquals("olga", entry.get("user").textValue());
    assertEquals("globex", entry.get("tenant").textValue());
    assertFalse(entry.has("tier"));
    assertEquals("done", entry.get("outcome").textValue());
  }

  @Test
  void namesTheOperatorOfARejection() {
    var execution = TestExecution.of(new Identity.Operator("olga", Set.of()));
    var rejecting = rejecting(new ApiError.Forbidden(ApiError.Forbidden.Reason.NOT_A_TENANT));
    assertThrows(
        ApiException.class,
        () -> execution.call(() -> audit.filter(request("GET", "/things/7"), rejecting)));
    var entry = entry();
    assertEquals("olga", entry.get("actor").textValue());
    assertEquals("operator", entry.get("actorType").textValue());
    assertEquals("not-a-tenant", entry.get("reason").textValue());
    assertFalse(entry.has("tenant"));
  }

  @Test
  void namesATypeOnlyForAnOperator() {
    call("PUT", "/things/7", _ -> Response.of(200));
    assertFalse(entry().has("actorType"));
  }

  @Test
  void namesTheTenantOfBackgroundWorkWithoutATier() {
    TenantContext.call(new Tenant(new TenantId("acme")), this::denyAccess);
    assertEquals("acme", entry().get("tenant").textValue());
    assertFalse(entry().has("tier"));
    assertEquals("anonymous", entry().get("actor").textValue());
  }

  @Test
  void neverAggregatesChanges() {
    for (var i = 0; i < 1_000; i++) {
      call("PUT", "/things/7", _ -> Response.of(200));
    }
    assertEquals(1_000, entries().size());
  }

  @Test
  void recordsAnIamDenialAsErrorWithOperationAndResource() {
    scope().call(() -> denyAccess());
    var entry = entry();
    assertEquals("ERROR", entry.get("level").textValue());
    assertEquals("access-denied", entry.get("reason").textValue());
    assertEquals("GetItem", entry.get("action").textValue());
    assertEquals("partywall-orders", entry.get("object").textValue());
    assertEquals("acme", entry.get("tenant").textValue());
  }

  @Test
  void writesPendingCountsWhenTheLogIsClosed() {
    for (var i = 0; i < 15; i++) {
      denyAccess();
    }
    auditLog.close(Duration.ZERO);
    var lines = log.lines();
    assertEquals("end", lines.getLast().get("action").textValue());
    assertEquals(5, lines.get(lines.size() - 2).get("count").longValue());
    assertFalse(lines.getLast().has("count"));
  }

  private boolean denyAccess() {
    auditLog.recordAccessDenied("GetItem", "partywall-orders");
    return true;
  }

  private void call(String method, String path, Handler handler) {
    scope().call(() -> audit.filter(request(method, path), handler));
  }

  private static Execution scope() {
    return TestExecution.of(
        new Identity.TenantUser(
            new TenantId("acme"),
            Optional.of("free"),
            "alice",
            Set.of("orders:read"),
            TestExecution.ORIGIN));
  }

  private static Handler rejecting(ApiError error) {
    return _ -> {
      throw new ApiException(error);
    };
  }

  private static Request request(String method, String path) {
    var route = Route.open(method, "/things/{id}", _ -> Response.of(200));
    return Request.of(method, new RequestTarget(path, List.of(), Map.of()), Headers.NONE, Body.NONE)
        .with(new Match.Found(route, Map.of()));
  }

  private JsonNode entry() {
    assertEquals(1, entries().size());
    return entries().getFirst();
  }

  /** Returns all entries except the chain's first. */
  private List<JsonNode> entries() {
    return log.lines().stream().skip(1).toList();
  }
}
