package dev.partywall.registry;

import static dev.partywall.registry.RegistryFixture.ACME;
import static dev.partywall.registry.RegistryFixture.GLOBEX;
import static dev.partywall.registry.RegistryFixture.next;
import static dev.partywall.registry.RegistryFixture.tenant;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.concurrent.Conditions;
import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.local.LocalDynamo;
import dev.partywall.storage.FaultInjectingClient;
import dev.partywall.tenancy.TenantRecord;
import dev.partywall.tenancy.TenantStatus;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.function.Executable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class TenantSnapshotTest {
  private static final String ISSUER = "https://idp.acme.example";
  private static final TenantRecord ACTIVE = tenant(ACME);
  private static final TenantRecord SUSPENDED = next(ACTIVE, TenantStatus.SUSPENDED);

  private RegistryFixture fixture;
  private DynamoTenantRegistry registry;
  private TenantSnapshot snapshot;
  private TenantSnapshot other;

  @BeforeEach
  void open(LocalDynamo dynamo) throws IOException {
    fixture = new RegistryFixture(dynamo);
    registry = fixture.registry;
    snapshot = newSnapshot();
    other = newSnapshot();
  }

  private TenantSnapshot newSnapshot() {
    return new TenantSnapshot(registry, () -> {}, fixture.nanoClock::get);
  }

  @AfterEach
  void close() throws IOException {
    fixture.close();
  }

  private void createAcme() {
    registry.create(ACTIVE, Optional.empty());
    snapshot.poll();
    other.poll();
  }

  private int calls(Runnable work) {
    var before = fixture.proxy.requests().size();
    work.run();
    return fixture.proxy.requests().size() - before;
  }

  @Test
  void isCurrentFor10SecondsAfterAPoll() {
    assertFalse(snapshot.isCurrent());
    snapshot.poll();
    fixture.nanoClock.addAndGet(Duration.ofSeconds(10).toNanos());
    assertTrue(snapshot.isCurrent());
    fixture.nanoClock.incrementAndGet();
    assertFalse(snapshot.isCurrent());
  }

  @Test
  void aKnownTenantCausesNoCall() {
    createAcme();
    assertEquals(1, calls(() -> assertEquals(Optional.of(ACTIVE), snapshot.find(ACME))));
    assertEquals(0, calls(() -> assertEquals(Optional.of(ACTIVE), snapshot.find(ACME))));
    assertEquals(1, calls(() -> assertEquals(Optional.empty(), snapshot.find(GLOBEX))));
    assertEquals(0, calls(() -> assertEquals(Optional.empty(), snapshot.find(GLOBEX))));
  }

  @Test
  void concurrentFirstRequestsCauseOneCall() throws Exception {
    createAcme();
    var started = new CountDownLatch(100);
    fixture.proxy.handleNextWith(upstream -> {
      awaitUnchecked(started);
      return Optional.of(upstream.send());
    });
    Callable<Optional<TenantRecord>> find =
        () -> {
          started.countDown();
          return snapshot.find(ACME);
        };
    var before = fixture.proxy.requests().size();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var result : threads.invokeAll(Collections.nCopies(100, find))) {
        assertEquals(Optional.of(ACTIVE), result.get());
      }
    }
    assertEquals(1, fixture.proxy.requests().size() - before);
  }

  @Test
  void aChangeReachesEveryInstanceWithItsNextPoll() {
    createAcme();
    List.of(snapshot, other).forEach(instance -> instance.find(ACME));
    registry.replace(SUSPENDED);
    assertEquals(Optional.of(ACTIVE), snapshot.find(ACME));
    for (var instance : List.of(snapshot, other)) {
      instance.poll();
      assertEquals(Optional.of(SUSPENDED), instance.find(ACME));
      assertEquals(2, instance.appliedSequence());
    }
  }

  @Test
  void aRegistrationReachesAnInstanceThatKnowsTheIdAsUnregistered() {
    snapshot.poll();
    assertEquals(Optional.empty(), snapshot.find(ACME));
    createAcme();
    assertEquals(Optional.of(ACTIVE), snapshot.find(ACME));
  }

  @Test
  void aPollWithoutChangesMakesOneCall() {
    createAcme();
    snapshot.find(ACME);
    assertEquals(1, calls(snapshot::poll));
    registry.create(tenant(GLOBEX), Optional.empty());
    // Globex is not in memory: only the change is read.
    assertEquals(2, calls(snapshot::poll));
    registry.replace(SUSPENDED);
    assertEquals(3, calls(snapshot::poll));
  }

  @Test
  void aReadThatBeganBeforeAChangeIsDiscarded() throws Exception {
    createAcme();
    var hasRead = new CountDownLatch(1);
    var isApplied = new CountDownLatch(1);
    fixture.proxy.handleNextWith(upstream -> {
      var reply = upstream.send();
      hasRead.countDown();
      awaitUnchecked(isApplied);
      return Optional.of(reply);
    });
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var result = threads.submit(() -> snapshot.find(ACME));
      hasRead.await();
      registry.replace(SUSPENDED);
      snapshot.poll();
      isApplied.countDown();
      assertEquals(Optional.of(SUSPENDED), result.get());
    }
    assertEquals(Optional.of(SUSPENDED), snapshot.find(ACME));
  }

  @Test
  void readsBeforeTheFirstPollAreRepeatedAfterIt() {
    registry.create(ACTIVE, Optional.empty());
    snapshot.find(ACME);
    registry.replace(SUSPENDED);
    snapshot.poll();
    assertEquals(Optional.of(SUSPENDED), snapshot.find(ACME));
  }

  @Test
  void anInstanceThatMissedDeletedChangesForgetsAllTenants() {
    createAcme();
    snapshot.find(ACME);
    registry.replace(SUSPENDED);
    registry.create(tenant(GLOBEX), Optional.empty());
    fixture.client.deleteItem(delete ->
        delete
            .tableName(fixture.prefix + "tenants")
            .key(
                Map.of(
                    "pk", AttributeValue.fromS(".changes"),
                    "sk", AttributeValue.fromS("0000000000000000002"))));
    snapshot.poll();
    assertEquals(Optional.of(SUSPENDED), snapshot.find(ACME));
    assertEquals(3, snapshot.appliedSequence());
  }

  @Test
  void aSequenceThatWasSetBackForgetsAllTenants() {
    createAcme();
    registry.replace(SUSPENDED);
    snapshot.poll();
    snapshot.find(ACME);
    fixture.put(
        Map.of(
            "pk", AttributeValue.fromS(".sequence"),
            "sk", AttributeValue.fromS("tenants"),
            "s", AttributeValue.fromN("1")));
    fixture.put(TenantItem.of(ACTIVE, "restored"));
    snapshot.poll();
    assertEquals(Optional.of(ACTIVE), snapshot.find(ACME));
  }

  @Test
  void withoutTheRegistryKnownTenantsAreServedAndOthersAreUnavailable() {
    createAcme();
    snapshot.find(ACME);
    fixture.proxy.handleWith(FaultInjectingClient.DISCONNECT);
    assertUnavailable(snapshot::poll);
    assertEquals(Optional.of(ACTIVE), snapshot.find(ACME));
    assertUnavailable(() -> snapshot.find(GLOBEX));
    assertUnavailable(() -> snapshot.isNamedByTenant(ISSUER));
    fixture.proxy.handleWith(FaultInjectingClient.FORWARD);
    assertEquals(Optional.empty(), snapshot.find(GLOBEX));
    assertFalse(snapshot.isNamedByTenant(ISSUER));
  }

  @Test
  void aPollThatFailsIsRepeated() {
    createAcme();
    snapshot.find(ACME);
    registry.replace(SUSPENDED);
    var reads = new AtomicInteger();
    fixture.proxy.handleOperationWith(
        "GetItem",
        upstream -> reads.incrementAndGet() == 1 ? Optional.of(upstream.send()) : Optional.empty());
    assertUnavailable(snapshot::poll);
    assertEquals(1, snapshot.appliedSequence());
    assertEquals(Optional.of(ACTIVE), snapshot.find(ACME));
    fixture.proxy.handleOperationWith("GetItem", FaultInjectingClient.FORWARD);
    snapshot.poll();
    assertEquals(Optional.of(SUSPENDED), snapshot.find(ACME));
  }

  @Test
  void reportsPollsThatAreMissedForMoreThan5Seconds() {
    createAcme();
    fixture.nanoClock.addAndGet(Duration.ofSeconds(5).toNanos());
    assertEquals(Optional.empty(), snapshot.problem());
    fixture.nanoClock.addAndGet(1);
    assertTrue(snapshot.problem().isPresent());
    snapshot.poll();
    assertEquals(Optional.empty(), snapshot.problem());
  }

  @Test
  void noTenantIsReadByAnInstanceThatCannotRegister() {
    createAcme();
    var unregistered =
        new TenantSnapshot(
            registry,
            () -> {
              throw ApiException.notFound();
            },
            fixture.nanoClock::get);
    assertEquals(0, calls(() -> assertThrows(ApiException.class, () -> unregistered.find(ACME))));
  }

  @Test
  void startsWithoutAnAnswerOfTheRegistryAndPollsByItself() throws Exception {
    registry.create(ACTIVE, Optional.empty());
    var isStarted = new CountDownLatch(1);
    fixture.proxy.handleNextWith(upstream -> {
      awaitUnchecked(isStarted);
      return Optional.of(upstream.send());
    });
    try (var started = newSnapshot().start()) {
      isStarted.countDown();
      while (started.appliedSequence() == 0) {
        Conditions.pause();
      }
      assertEquals(1, started.appliedSequence());
    }
  }

  private static void assertUnavailable(Executable call) {
    var failure = assertThrows(ApiException.class, call);
    assertInstanceOf(ApiError.Unavailable.class, failure.error());
  }

  private static void awaitUnchecked(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }
}
