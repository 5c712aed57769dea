package dev.partywall.operations.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.concurrent.Conditions;
import dev.partywall.local.LocalDynamo;
import dev.partywall.operations.lifecycle.OperationRunner;
import dev.partywall.operations.lifecycle.TenantOperations;
import dev.partywall.registry.RegistryFixture;
import dev.partywall.storage.FaultInjectingClient;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.TenantRecord;
import dev.partywall.tenancy.TenantStatus;
import dev.partywall.tenancy.TestExecution;
import dev.partywall.tenancy.registry.Operation;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Exports whose clients read slowly. */
@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class RunningExportTest {
  private static final String PATH = "/tenants/acme/export";
  private static final TenantId GLOBEX = new TenantId("globex");
  private static final TenantId ACME2 = new TenantId("acme2");

  /** The content has more bytes than the buffers of a connection on the loopback interface. */
  private static final int MANY = 30;

  private static final int LARGE = 300_000;

  private final ExportFixture fixture;

  RunningExportTest(LocalDynamo dynamo) throws IOException {
    fixture = new ExportFixture(dynamo);
  }

  @AfterEach
  void close() throws IOException {
    fixture.close();
  }

  @Test
  void showsItsProgressAndExcludesOtherOperations() throws Exception {
    fixture.register(TenantStatus.ACTIVE);
    fixture.writeOrders(MANY, LARGE);
    try (var client = open()) {
      Conditions.await(() -> operation().isPresent(), "the export has no operation");
      assertEquals("reading", operation().orElseThrow().state());
      assertEquals("olga", operation().orElseThrow().requestedBy());

      var second = fixture.get(PATH);
      assertEquals(409, second.statusCode());
      assertEquals("operation-in-progress", ExportFixture.problem(second));

      // The first renewal stores the progress. It must come after the first item is counted.
      client.read(LARGE);
      fixture.nanoTime.addAndGet(Duration.ofSeconds(6).toNanos());
      client.read(4_000_000);
      Conditions.await(() -> operation().orElseThrow().progress().done() > 0, "no progress");
    }
    Conditions.await(() -> operation().isEmpty(), "the operation remains");
    assertTrue(
        fixture.audited(2).getLast().endsWith("reason=The client did not take the export."),
        () -> fixture.audited(2).getLast());
  }

  @Test
  void endsWhenItIsCancelled() throws Exception {
    var tenant = fixture.register(TenantStatus.ACTIVE);
    fixture.writeOrders(MANY, LARGE);
    try (var client = open()) {
      Conditions.await(() -> operation().isPresent(), "the export has no operation");

      cancel(fixture, tenant);

      Conditions.await(() -> operation().isEmpty(), "the operation remains");
      fixture.nanoTime.addAndGet(Duration.ofSeconds(6).toNanos());
      assertFalse(client.readAll().contains("\"counts\""));
    }
    assertTrue(
        fixture.audited(2).getLast().contains("outcome=failed complete=false"),
        () -> fixture.audited(2).getLast());
  }

  /** No page follows, so only the end of the operation shows that it is cancelled. */
  @Test
  void hasNoLastLineIfItIsCancelledDuringItsLastPage(LocalDynamo dynamo) throws Exception {
    try (var injector = new FaultInjectingClient(dynamo);
        var client = injector.client();
        var small = new ExportFixture(dynamo, Optional.of(client))) {
      var tenant = small.register(TenantStatus.ACTIVE);
      small.writeOrders(1, 10);
      injector.handleOperationWith(
          "Query",
          upstream -> {
            cancel(small, tenant);
            return Optional.of(upstream.send());
          });

      try (var download = new SlowDownload(small.port(), PATH)) {
        var file = download.readAll();
        assertTrue(file.contains("{\"collection\":\"order\""), file);
        assertFalse(file.contains("\"counts\""), file);
      }
    }
  }

  /** Cancels as the operators' route does, with the runner of an instance. */
  private static void cancel(ExportFixture fixture, TenantRecord tenant) {
    var runner =
        new OperationRunner(
            fixture.operations,
            fixture.registry.registry,
            List.of(new ExportSteps()),
            TestExecution::create,
            () -> UUID.randomUUID().toString(),
            System::nanoTime);
    new TenantOperations(fixture.operations, runner).cancel(tenant);
  }

  @Test
  void endsWhenTheStatusPermitsItNoLonger() throws Exception {
    var tenant = fixture.register(TenantStatus.ACTIVE);
    fixture.writeOrders(MANY, LARGE);
    try (var client = open()) {
      Conditions.await(() -> operation().isPresent(), "the export has no operation");

      fixture.registry.registry.replace(RegistryFixture.next(tenant, TenantStatus.FAILED));

      assertFalse(client.readAll().contains("\"counts\""));
    }
    Conditions.await(() -> operation().isEmpty(), "the operation remains");
  }

  @Test
  void continuesWhenTheTenantIsSuspended() throws Exception {
    var tenant = fixture.register(TenantStatus.ACTIVE);
    fixture.writeOrders(MANY, LARGE);
    try (var client = open()) {
      Conditions.await(() -> operation().isPresent(), "the export has no operation");

      fixture.registry.registry.replace(RegistryFixture.next(tenant, TenantStatus.SUSPENDED));

      assertTrue(client.readAll().contains("{\"counts\":{\"order\":" + MANY + "}"));
    }
    assertTrue(operation().isEmpty());
  }

  @Test
  void atMostTwoRunAtTheSameTime() throws Exception {
    fixture.register(TenantStatus.ACTIVE);
    fixture.writeOrders(MANY, LARGE);
    for (var id : List.of(GLOBEX, ACME2)) {
      fixture.registry.registry.create(RegistryFixture.tenant(id), Optional.empty());
    }
    fixture.tables.as(GLOBEX, () -> fixture.writeLargeOrders(MANY, LARGE));
    try (var _ = open();
        var globex = new SlowDownload(fixture.port(), "/tenants/globex/export")) {
      Conditions.await(
          () -> operation().isPresent() && fixture.operations.find(GLOBEX).isPresent(),
          "the exports do not run");

      var third = fixture.get("/tenants/acme2/export");

      assertEquals(503, third.statusCode());
      assertEquals("30", third.headers().firstValue("Retry-After").orElseThrow());
      var _ = globex.readAll();
      assertEquals(200, fixture.get("/tenants/acme2/export").statusCode());
    }
  }

  private Optional<Operation> operation() {
    return fixture.operations.find(ExportFixture.ACME);
  }

  private SlowDownload open() throws IOException {
    return new SlowDownload(fixture.port(), PATH);
  }
}
