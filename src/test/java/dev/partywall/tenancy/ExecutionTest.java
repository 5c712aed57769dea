package dev.partywall.tenancy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.partywall.concurrent.Deadline;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ExecutionTest {
  private static final TenantId ACME = new TenantId("acme");
  private static final TenantId GLOBEX = new TenantId("globex");
  private static final Identity ALICE =
      new Identity.TenantUser(
          ACME, Optional.of("premium"), "alice", Set.of(), TestExecution.ORIGIN);
  private static final Identity OLGA = new Identity.Operator("olga", Set.of("tenants:read"));

  private final Execution execution = TestExecution.create();

  @Test
  void identityCanBeSetOnlyOnce() {
    assertEquals(Optional.empty(), execution.identity());
    execution.setIdentity(ALICE);
    assertThrows(IllegalStateException.class, () -> execution.setIdentity(OLGA));
    assertThrows(IllegalStateException.class, () -> execution.setIdentity(ALICE));
    assertEquals(Optional.of(ALICE), execution.identity());
  }

  @Test
  void tokenAndDeadlineCanBeSetOnlyOnce() {
    var token = new BearerToken("abc");
    var deadline = new Deadline(1, () -> 0);
    assertEquals(Optional.empty(), execution.token());
    assertEquals(Optional.empty(), execution.deadline());
    execution.setToken(token);
    execution.setDeadline(deadline);
    assertThrows(IllegalStateException.class, () -> execution.setToken(new BearerToken("other")));
    assertThrows(IllegalStateException.class, () -> execution.setDeadline(deadline));
    assertEquals(Optional.of(token), execution.token());
    assertEquals(Optional.of(deadline), execution.deadline());
  }

  @Test
  void theTextFormOfATokenDoesNotContainIt() {
    var token = new BearerToken("abc");
    assertEquals("Bearer abc", token.authorization());
    assertEquals("[token]", token.toString());
  }

  @Test
  void bindsATenantForTheCallAndRecordsItForLater() {
    var acme = new Tenant(ACME, "free");
    assertEquals(Optional.empty(), execution.tenant());
    assertEquals(acme, execution.callForTenant(acme, TenantContext::current));
    assertFalse(TenantContext.isBound());
    assertEquals(Optional.of(acme), execution.tenant());
  }

  @Test
  void runsBackgroundWorkInTheExecutionAndForTheTenant() {
    var acme = new Tenant(ACME);
    var seen = new ArrayList<Object>();
    execution.runForTenant(
        acme,
        () -> {
          seen.add(TenantContext.current());
          seen.add(Execution.current().orElseThrow());
        });
    assertEquals(List.of(acme, execution), seen);
    assertFalse(TenantContext.isBound());
    assertEquals(Optional.empty(), Execution.current());
    assertEquals(Optional.of(acme), execution.tenant());
    assertThrows(
        IllegalStateException.class,
        () -> execution.runForTenant(new Tenant(GLOBEX), () -> seen.add("globex")));
    assertEquals(List.of(acme, execution), seen);
  }

  @Test
  void worksForOneTenantOnly() {
    var acme = new Tenant(ACME, "free");
    assertEquals(acme, execution.callForTenant(acme, TenantContext::current));
    assertRejects(new Tenant(GLOBEX, "free"));
    assertEquals(Optional.of(acme), execution.tenant());
    assertEquals(acme, execution.callForTenant(acme, TenantContext::current));
  }

  @Test
  void rejectsATenantOtherThanTheUsersOwn() {
    execution.setIdentity(ALICE);
    assertRejects(new Tenant(GLOBEX, "premium"));
    assertEquals(Optional.empty(), execution.tenant());
    assertEquals(
        ACME, execution.callForTenant(new Tenant(ACME), () -> TenantContext.current().id()));
  }

  @Test
  void bindsAnyTenantForAnOperator() {
    execution.setIdentity(OLGA);
    var globex = new Tenant(GLOBEX);
    assertEquals(globex, execution.callForTenant(globex, TenantContext::current));
    assertEquals(Optional.of(globex), execution.tenant());
  }

  @Test
  void isCurrentOnlyInsideItsCall() {
    assertEquals(Optional.empty(), Execution.current());
    assertEquals(Optional.of(execution), execution.call(Execution::current));
    assertEquals(Optional.empty(), Execution.current());
  }

  @Test
  void namesTheIdentityInsideItsCall() {
    assertEquals(Optional.empty(), execution.call(Execution::currentIdentity));
    execution.setIdentity(OLGA);
    assertEquals(Optional.of(OLGA), execution.call(Execution::currentIdentity));
    assertEquals(Optional.empty(), Execution.currentIdentity());
  }

  @Test
  void namesTheTenantOfTheTokenUntilATenantIsBound() {
    execution.setIdentity(ALICE);
    assertEquals(
        Optional.of(new Tenant(ACME, "premium")), execution.call(Execution::currentTenant));
    var upgraded = new Tenant(ACME, "enterprise"); // by the registry
    assertEquals(
        Optional.of(upgraded), execution.callForTenant(upgraded, () -> Execution.currentTenant()));
    assertEquals(Optional.of(upgraded), execution.call(Execution::currentTenant));
  }

  @Test
  void namesNoTenantForAnOperatorUntilOneIsBound() {
    execution.setIdentity(OLGA);
    assertEquals(Optional.empty(), execution.call(Execution::currentTenant));
    var acme = new Tenant(ACME);
    assertEquals(acme, execution.callForTenant(acme, TenantContext::current));
    assertEquals(Optional.of(acme), execution.call(Execution::currentTenant));
  }

  @Test
  void namesTheTenantOfBackgroundWorkWithoutATier() {
    assertEquals(Optional.empty(), Execution.currentTenant());
    assertEquals(
        Optional.of(new Tenant(ACME, Optional.empty(), Optional.empty())),
        TenantContext.call(new Tenant(ACME), Execution::currentTenant));
  }

  @Test
  void aTaskForSeveralCallersHasOnlyTheIds() throws Exception {
    execution.setIdentity(OLGA);
    var seen = new CompletableFuture<Execution>();
    var task =
        execution.call(
            () -> Execution.inSameTrace(() -> seen.complete(Execution.current().orElseThrow())));
    Thread.ofVirtual().start(task);
    assertEquals(execution.ids(), seen.get().ids());
    assertEquals(Optional.empty(), seen.get().identity());
  }

  @Test
  void workOnAnotherThreadIsInTheExecutionThatHasCreatedIt() throws Exception {
    var seen = new CompletableFuture<Optional<Execution>>();
    var work =
        execution.call(() ->
            Execution.<CompletableFuture<Optional<Execution>>>inCurrent(
                result -> result.complete(Execution.current())));
    Thread.ofVirtual().start(() -> work.accept(seen));
    assertEquals(Optional.of(execution), seen.get());
  }

  @Test
  void workOutsideAnExecutionHasNone() {
    var seen = new ArrayList<Optional<Execution>>();
    Execution.inSameTrace(() -> seen.add(Execution.current())).run();
    Execution.<List<Optional<Execution>>>inCurrent(list -> list.add(Execution.current()))
        .accept(seen);
    assertEquals(List.of(Optional.empty(), Optional.empty()), seen);
  }

  @Test
  void propagatesToTasksOfTheExecutorWithoutTheTenantBinding() throws Exception {
    var seen = new CompletableFuture<Optional<Execution>>();
    var bound = new CompletableFuture<Boolean>();
    var executor = Execution.propagating(task -> Thread.ofVirtual().start(task));
    execution.call(() ->
        execution.callForTenant(
            new Tenant(ACME),
            () -> {
              executor.execute(() -> {
                seen.complete(Execution.current());
                bound.complete(TenantContext.isBound());
              });
              return true;
            }));
    assertEquals(Optional.of(execution), seen.get());
    assertFalse(bound.get());
  }

  @Test
  void theQuotasCanBeSetOnlyOnce() {
    var quota = new QuotaStatus(Limits.NONE, 1, 2, OptionalLong.empty(), 3, 4);
    assertEquals(Optional.empty(), execution.quota());
    execution.setQuota(quota);
    assertThrows(IllegalStateException.class, () -> execution.setQuota(quota));
    assertEquals(Optional.of(quota), execution.quota());
  }

  @Test
  void propagatesNothingOutsideAnExecution() throws Exception {
    var seen = new CompletableFuture<Optional<Execution>>();
    Execution.propagating(task -> Thread.ofVirtual().start(task))
        .execute(() -> seen.complete(Execution.current()));
    assertEquals(Optional.empty(), seen.get());
  }

  private void assertRejects(Tenant tenant) {
    assertThrows(
        IllegalStateException.class, () -> execution.callForTenant(tenant, TenantContext::current));
  }
}
