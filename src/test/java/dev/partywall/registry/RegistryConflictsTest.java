package dev.partywall.registry;

import static dev.partywall.registry.RegistryFixture.ACME;
import static dev.partywall.registry.RegistryFixture.next;
import static dev.partywall.registry.RegistryFixture.tenant;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.partywall.local.LocalDynamo;
import dev.partywall.storage.FaultInjectingClient;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.TenantStatus;
import dev.partywall.tenancy.registry.TenantRegistry.Change;
import dev.partywall.tenancy.registry.TenantRegistry.Creation;
import dev.partywall.tenancy.registry.TenantRegistry.RequestKey;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests changes that conflict, and changes whose answer is lost. */
@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class RegistryConflictsTest {
  private static final Optional<RequestKey> NO_KEY = Optional.empty();
  private static final Optional<RequestKey> KEY = Optional.of(new RequestKey("olga k-1", "aa"));

  private RegistryFixture fixture;
  private DynamoTenantRegistry registry;

  @BeforeEach
  void open(LocalDynamo dynamo) throws IOException {
    fixture = new RegistryFixture(dynamo);
    registry = fixture.registry;
  }

  @AfterEach
  void close() throws IOException {
    fixture.close();
  }

  @Test
  void concurrentChangesOfDifferentTenantsAllSucceed() throws Exception {
    var ids = IntStream.range(0, 12).mapToObj(i -> new TenantId("t" + i)).toList();
    var results =
        inParallel(
            ids.stream()
                .<Callable<Boolean>>map(id ->
                    () -> {
                      var tenant = tenant(id);
                      return registry.create(tenant, NO_KEY) instanceof Creation.Created
                          && registry.replace(next(tenant, TenantStatus.SUSPENDED))
                              instanceof Change.Replaced;
                    })
                .toList());
    assertEquals(12, results.stream().filter(success -> success).count());
    assertEquals(24, registry.changeLog().sequence());
    var changes = registry.changeLog().changes(1, 24);
    assertEquals(
        LongStream.rangeClosed(1, 24).boxed().toList(),
        changes.stream().map(ChangeLog.Change::sequence).toList());
    ids.forEach(id ->
        assertEquals(2, changes.stream().filter(change -> change.tenant().equals(id)).count()));
  }

  @Test
  void oneOfTwoOperatorsChangesATenant() throws Exception {
    registry.create(tenant(ACME), NO_KEY);
    var change = next(tenant(ACME), TenantStatus.SUSPENDED);
    var results =
        inParallel(
            List.<Callable<Change>>of(
                () -> registry.replace(change), () -> registry.replace(change)));
    assertEquals(1, results.stream().filter(Change.Replaced.class::isInstance).count());
    assertEquals(1, results.stream().filter(Change.Stale.class::isInstance).count());
    assertEquals(2, registry.changeLog().sequence());
  }

  private static <T> List<T> inParallel(List<Callable<T>> tasks) throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var futures = threads.invokeAll(tasks);
      var results = new ArrayList<T>();
      for (var future : futures) {
        results.add(future.get());
      }
      return results;
    }
  }

  @Test
  void anAppliedChangeSucceedsWhenItsAnswerIsLost() {
    fixture.proxy.handleNextWith(FaultInjectingClient.FORWARD);
    loseNextTransaction();
    assertEquals(new Creation.Created(), registry.create(tenant(ACME), KEY));
    loseNextTransaction();
    assertEquals(
        new Change.Replaced(), registry.replace(next(tenant(ACME), TenantStatus.SUSPENDED)));
    assertEquals(2, registry.changeLog().sequence());
  }

  private void loseNextTransaction() {
    onNextTransaction(FaultInjectingClient.LOSE_REPLY);
  }

  private void onNextTransaction(FaultInjectingClient.CallHandler handler) {
    fixture.proxy.handleOperationWith(
        "TransactWriteItems",
        upstream -> {
          fixture.proxy.handleOperationWith("TransactWriteItems", FaultInjectingClient.FORWARD);
          return handler.handle(upstream);
        });
  }

  @Test
  void anAppliedChangeSucceedsWhenItsAnswerIsAConflict() {
    onNextTransaction(upstream -> {
      upstream.send();
      return cancelled("TransactionConflict").handle(upstream);
    });
    assertEquals(new Creation.Created(), registry.create(tenant(ACME), KEY));
    onNextTransaction(upstream -> {
      upstream.send();
      return cancelled("TransactionConflict").handle(upstream);
    });
    assertEquals(
        new Change.Replaced(), registry.replace(next(tenant(ACME), TenantStatus.SUSPENDED)));
    assertEquals(2, registry.changeLog().sequence());
  }

  @ParameterizedTest
  @ValueSource(strings = {"TransactionConflict", "ThrottlingError"})
  void repeatsATransactionThatConflicts(String reason) {
    onNextTransaction(cancelled(reason));
    assertEquals(new Creation.Created(), registry.create(tenant(ACME), NO_KEY));
    assertEquals(1, registry.changeLog().sequence());
  }

  private static FaultInjectingClient.CallHandler cancelled(String reason) {
    return FaultInjectingClient.replyWith(
        400,
        """
        {"__type":"com.amazonaws.dynamodb.v20120810#TransactionCanceledException","message":"no",\
        "CancellationReasons":[{"Code":"None"},{"Code":"%s"},{"Code":"None"},{"Code":"None"}]}\
        """
            .formatted(reason));
  }
}
