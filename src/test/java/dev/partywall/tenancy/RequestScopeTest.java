package dev.partywall.tenancy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class RequestScopeTest {
  private static final TenantId ACME = new TenantId("acme");
  private static final TenantId GLOBEX = new TenantId("globex");

  private final RequestScope scope =
      new RequestScope(new RequestScope.Ids("r", "0".repeat(32), "0".repeat(16)));

  @Test
  void callerCanBeSetOnlyOnce() {
    var alice = new Caller(ACME, Optional.empty(), "alice");
    var mallory = new Caller(GLOBEX, Optional.empty(), "mallory");
    assertEquals(Optional.empty(), scope.caller());
    scope.identify(alice);
    assertThrows(IllegalStateException.class, () -> scope.identify(mallory));
    assertThrows(IllegalStateException.class, () -> scope.identify(alice));
    assertEquals(Optional.of(alice), scope.caller());
  }

  @Test
  void tenantCanBeSetOnlyOnce() {
    var acme = new Tenant(ACME, "free");
    assertEquals(Optional.empty(), scope.tenant());
    scope.serve(acme);
    assertThrows(IllegalStateException.class, () -> scope.serve(new Tenant(GLOBEX, "free")));
    assertEquals(Optional.of(acme), scope.tenant());
  }

  @Test
  void isCurrentOnlyInsideItsCall() {
    assertEquals(Optional.empty(), RequestScope.current());
    assertEquals(Optional.of(scope), scope.call(RequestScope::current));
    assertEquals(Optional.empty(), RequestScope.current());
  }

  @Test
  void propagatesTheScopeToTasksOfTheExecutor() throws Exception {
    var seen = new CompletableFuture<Optional<RequestScope>>();
    var executor = RequestScope.handedOn(task -> Thread.ofVirtual().start(task));
    scope.call(() -> {
      executor.execute(() -> seen.complete(RequestScope.current()));
      return true;
    });
    assertEquals(Optional.of(scope), seen.get());
  }

  @Test
  void propagatesNoScopeOutsideARequest() throws Exception {
    var seen = new CompletableFuture<Optional<RequestScope>>();
    RequestScope.handedOn(task -> Thread.ofVirtual().start(task))
        .execute(() -> seen.complete(RequestScope.current()));
    assertEquals(Optional.empty(), seen.get());
  }
}
