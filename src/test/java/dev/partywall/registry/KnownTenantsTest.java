package dev.partywall.registry;

import static dev.partywall.concurrent.Latches.await;
import static dev.partywall.registry.RegistryFixture.ACME;
import static dev.partywall.registry.RegistryFixture.GLOBEX;
import static dev.partywall.registry.RegistryFixture.next;
import static dev.partywall.registry.RegistryFixture.tenant;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.error.ApiException;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.TenantRecord;
import dev.partywall.tenancy.TenantStatus;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KnownTenantsTest {
  private static final TenantRecord ACTIVE = tenant(ACME);
  private static final TenantRecord SUSPENDED = next(ACTIVE, TenantStatus.SUSPENDED);

  private final Map<TenantId, TenantRecord> stored = new ConcurrentHashMap<>(Map.of(ACME, ACTIVE));
  private final List<TenantId> reads = new CopyOnWriteArrayList<>();
  private final KnownTenants tenants = new KnownTenants(this::read, 10, 6);
  private volatile Function<Optional<TenantRecord>, Optional<TenantRecord>> answer =
      Function.identity();

  private Optional<TenantRecord> read(TenantId id) {
    reads.add(id);
    var found = Optional.ofNullable(stored.get(id));
    return answer.apply(found);
  }

  @Test
  void readsATenantOnce() {
    assertEquals(Optional.of(ACTIVE), tenants.find(ACME));
    assertEquals(Optional.of(ACTIVE), tenants.find(ACME));
    assertEquals(List.of(ACME), reads);
  }

  @Test
  void readsAnUnregisteredIdOnce() {
    assertEquals(Optional.empty(), tenants.find(GLOBEX));
    assertEquals(Optional.empty(), tenants.find(GLOBEX));
    assertEquals(List.of(GLOBEX), reads);
  }

  @Test
  void aRegistrationInvalidatesTheUnregisteredId() {
    tenants.find(GLOBEX);
    stored.put(GLOBEX, tenant(GLOBEX));
    assertFalse(tenants.invalidate(GLOBEX));
    assertEquals(Optional.of(tenant(GLOBEX)), tenants.find(GLOBEX));
  }

  @Test
  void refreshesOnlyTenantsInMemory() {
    tenants.find(ACME);
    stored.put(ACME, SUSPENDED);
    assertTrue(tenants.invalidate(ACME));
    tenants.refresh(ACME);
    assertFalse(tenants.invalidate(GLOBEX));
    tenants.refresh(GLOBEX);
    assertEquals(Optional.of(SUSPENDED), tenants.find(ACME));
    assertEquals(List.of(ACME, ACME), reads);
  }

  @Test
  void aRefreshReachesAnEntryThatTheCacheMoves() {
    tenants.find(ACME);
    findNewTenants(5); // acme is in the old generation now
    stored.put(ACME, SUSPENDED);
    tenants.refresh(ACME);
    assertEquals(Optional.of(SUSPENDED), tenants.find(ACME));
  }

  @Test
  void servesTheLastRecordAfterAFailedRefresh() {
    tenants.find(ACME);
    answer =
        _ -> {
          throw ApiException.notFound();
        };
    assertThrows(ApiException.class, () -> tenants.refresh(ACME));
    assertEquals(Optional.of(ACTIVE), tenants.find(ACME));
  }

  @Test
  void aRecordThatCannotBeReadFailsOnlyItsOwnRequests() {
    tenants.find(ACME);
    answer =
        _ -> {
          throw new IllegalStateException("a later format");
        };
    tenants.refresh(ACME);
    assertThrows(IllegalStateException.class, () -> tenants.find(ACME));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"id\":\"acme\",\"name\":\"Acme\",\"tier\":\"free\",\"status\":\"active\",\"placement\":\"pool\","
            + "\"limits\":{},\"features\":{},\"issuers\":[],\"createdAt\":\"yesterday\"}"
      })
  void aRecordWithInvalidMembersDoesNotFailARefresh(String document) {
    tenants.find(ACME);
    answer = _ -> Optional.of(TenantItem.record(document));
    tenants.refresh(ACME);
    assertThrows(RuntimeException.class, () -> tenants.find(ACME));
    answer = Function.identity();
    assertEquals(Optional.of(ACTIVE), tenants.find(ACME));
  }

  @Test
  void aFailedReadIsRepeatedByTheNextRequest() {
    answer =
        _ -> {
          throw ApiException.notFound();
        };
    assertThrows(ApiException.class, () -> tenants.find(ACME));
    answer = Function.identity();
    assertEquals(Optional.of(ACTIVE), tenants.find(ACME));
  }

  @Test
  void discardsAReadThatBeganBeforeAChange() throws Exception {
    changeDuringARead(() -> tenants.invalidate(ACME));
  }

  @Test
  void discardsAReadThatBeganBeforeAllRecordsWereRemoved() throws Exception {
    changeDuringARead(tenants::clear);
  }

  private void changeDuringARead(Runnable discard) throws Exception {
    var hasRead = new CountDownLatch(1);
    var hasChanged = new CountDownLatch(1);
    answer =
        found -> {
          hasRead.countDown();
          await(hasChanged);
          return found;
        };
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var result = threads.submit(() -> tenants.find(ACME));
      await(hasRead);
      stored.put(ACME, SUSPENDED);
      discard.run();
      hasChanged.countDown();
      assertEquals(Optional.of(SUSPENDED), result.get());
    }
    assertEquals(Optional.of(SUSPENDED), tenants.find(ACME));
    assertEquals(List.of(ACME, ACME), reads);
  }

  @Test
  void aRequestThatEndsLeavesTheReadToOthers() throws Exception {
    var hasRead = new CountDownLatch(1);
    var continues = new CountDownLatch(1);
    answer =
        found -> {
          hasRead.countDown();
          await(continues);
          return found;
        };
    var timedOut =
        Thread.startVirtualThread(() -> {
          assertThrows(ApiException.class, () -> tenants.find(ACME));
          assertTrue(Thread.currentThread().isInterrupted());
        });
    await(hasRead);
    timedOut.interrupt();
    timedOut.join();
    continues.countDown();
    assertEquals(Optional.of(ACTIVE), tenants.find(ACME));
    assertEquals(1, reads.size());
  }

  @Test
  void keepsABoundedNumberOfTenants() {
    tenants.find(ACME);
    findNewTenants(10);
    reads.clear();
    tenants.find(new TenantId("new9"));
    tenants.find(ACME);
    assertEquals(List.of(ACME), reads);
  }

  private void findNewTenants(int count) {
    IntStream.range(0, count)
        .mapToObj(i -> new TenantId("new" + i))
        .forEach(id -> {
          stored.put(id, tenant(id));
          tenants.find(id);
        });
  }

  @Test
  void keepsABoundedNumberOfUnregisteredIds() {
    tenants.find(ACME);
    IntStream.range(0, 100).forEach(i -> tenants.find(new TenantId("none" + i)));
    reads.clear();
    tenants.find(new TenantId("none99"));
    tenants.find(new TenantId("none0"));
    tenants.find(ACME); // unregistered ids displace no tenant
    assertEquals(List.of(new TenantId("none0")), reads);
  }
}
