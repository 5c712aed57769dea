package dev.partywall.operations.provisioning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.local.LocalDynamo;
import dev.partywall.operations.lifecycle.OperationRunner;
import dev.partywall.operations.lifecycle.OperationSteps.Step;
import dev.partywall.operations.lifecycle.OwnershipLostException;
import dev.partywall.operations.lifecycle.TenantOperations;
import dev.partywall.operations.lifecycle.TestOwner;
import dev.partywall.registry.DynamoTenantRegistry;
import dev.partywall.registry.RegistryFixture;
import dev.partywall.storage.FaultInjectingClient;
import dev.partywall.storage.Schema;
import dev.partywall.storage.TestPlacements;
import dev.partywall.storage.silo.SiloTables;
import dev.partywall.storage.silo.SiloTablesFixture;
import dev.partywall.tenancy.Placement;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.TenantLocations;
import dev.partywall.tenancy.TenantRecord;
import dev.partywall.tenancy.TenantStatus;
import dev.partywall.tenancy.TestExecution;
import dev.partywall.tenancy.registry.OperationStore;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class ProvisioningStepsTest {
  private static final TenantId ACME = new TenantId("acme");

  private final AtomicLong nanoTime = new AtomicLong();
  private RegistryFixture fixture;
  private SiloTablesFixture tables;
  private OperationStore operations;

  @BeforeEach
  void start(LocalDynamo dynamo) throws IOException {
    fixture = new RegistryFixture(dynamo);
    tables = new SiloTablesFixture(dynamo);
    operations = fixture.registry.operations();
  }

  @AfterEach
  void close() throws IOException {
    tables.close();
    fixture.close();
  }

  private TenantRecord register() {
    return register(ACME);
  }

  private TenantRecord register(TenantId id) {
    var tenant =
        TestPlacements.registration(id, new Placement.Silo())
            .withStatus(TenantStatus.PROVISIONING, RegistryFixture.NOON);
    var ids = new AtomicInteger();
    var silos = new SiloProvisioning(operations(), () -> "operation-" + ids.incrementAndGet());
    fixture.registry.create(tenant, Optional.empty(), Optional.of(silos.of(tenant, "olga")));
    return tenant;
  }

  /** Returns the operations with a runner that executes none. */
  private TenantOperations operations() {
    var runner =
        new OperationRunner(
            operations,
            fixture.registry,
            List.of(),
            TestExecution::create,
            () -> "unused",
            nanoTime::get);
    return new TenantOperations(operations, runner);
  }

  private ProvisioningSteps steps(DynamoDbClient client) {
    var locations = new TenantLocations(fixture.prefix + "orders");
    return new ProvisioningSteps(new SiloTables(client), locations, fixture.clock);
  }

  private TestOwner owner(DynamoTenantRegistry registry) {
    return owner(registry, ACME);
  }

  private TestOwner owner(DynamoTenantRegistry registry, TenantId id) {
    return new TestOwner(registry, registry.operations(), id, nanoTime::get);
  }

  private String state() {
    return operations.find(ACME).orElseThrow().state();
  }

  @Test
  void createsTheTableAndActivatesTheTenant() {
    var tenant = register();
    var owner = owner(fixture.registry);
    var states = new ArrayList<String>();
    do {
      states.add(state());
    } while (owner.step(steps(tables.client)) != Step.ENDED);
    assertEquals(List.of("creating-table", "creating-table", "activating", "protecting"), states);
    assertEquals(
        tenant.withStatus(TenantStatus.ACTIVE, RegistryFixture.NOON),
        fixture.registry.find(ACME).orElseThrow());
    assertEquals(Optional.empty(), operations.find(ACME));
  }

  @Test
  void waitsForAnUnfinishedTable() {
    register();
    var owner = owner(fixture.registry);
    assertEquals(Step.CONTINUE, owner.step(steps(tables.client)));
    tables.proxy.handleOperationWith(
        "DescribeTable",
        upstream -> {
          var reply = upstream.send();
          var creating = reply.body().replace("ACTIVE", "CREATING");
          return Optional.of(new FaultInjectingClient.Reply(reply.status(), creating));
        });
    assertEquals(Step.CONTINUE, owner.step(steps(tables.client)));
    assertEquals("activating", state());
    assertEquals(Step.WAIT, owner.step(steps(tables.client)));
  }

  @Test
  void aTenantWhoseTableCannotBeCreatedFailsWithTheReason() {
    register();
    tables.proxy.handleOperationWith(
        "CreateTable", FaultInjectingClient.replyWithError(400, "LimitExceededException"));
    owner(fixture.registry).run(steps(tables.client));
    var failed = fixture.registry.find(ACME).orElseThrow();
    assertEquals(TenantStatus.FAILED, failed.status());
    assertEquals(Optional.empty(), operations.find(ACME));
    var shown = operations().shown(failed).orElseThrow();
    assertEquals("failed", shown.state());
    assertEquals("olga", shown.requestedBy());
    assertEquals(RegistryFixture.NOON, shown.origin().startedAt());
    assertEquals(
        "The table " + fixture.prefix + "orders.acme cannot be created: LimitExceededException",
        shown.progress().reason().orElseThrow());
  }

  private String reason() {
    var failed = fixture.registry.find(ACME).orElseThrow();
    assertEquals(TenantStatus.FAILED, failed.status());
    return operations().shown(failed).orElseThrow().progress().reason().orElseThrow();
  }

  @Test
  void aRepetitionContinuesWithTheTableOfTheFailedAttempt() {
    register();
    tables.proxy.handleOperationWith(
        "UpdateTimeToLive", FaultInjectingClient.replyWithError(400, "AccessDeniedException"));
    owner(fixture.registry).run(steps(tables.client));
    var failed = fixture.registry.find(ACME).orElseThrow();
    tables.proxy.handleOperationWith("UpdateTimeToLive", FaultInjectingClient.FORWARD);
    new SiloProvisioning(operations(), () -> "second")
        .restart(
            failed, failed.withStatus(TenantStatus.PROVISIONING, RegistryFixture.NOON), "otto");
    owner(fixture.registry).run(steps(tables.client));
    assertEquals(TenantStatus.ACTIVE, fixture.registry.find(ACME).orElseThrow().status());
    assertEquals(1, tables.proxy.calls().stream().filter("CreateTable"::equals).count());
  }

  @Test
  void aTableWithOtherKeysIsNotUsed() {
    register();
    var name = fixture.prefix + "orders.acme";
    tables.client.createTable(Schema.ofService(name, false).createRequest());
    owner(fixture.registry).run(steps(tables.client));
    assertEquals(
        "The table " + name + " exists and has no index by-i1 with the key pk and i1", reason());
  }

  @Test
  void aCancelledProvisioningFails() {
    var tenant = register();
    var running = owner(fixture.registry);
    assertEquals(Step.CONTINUE, running.step(steps(tables.client)));
    var operation = operations.find(ACME).orElseThrow();
    assertTrue(operations.update(operation, steps(tables.client).cancelled(operation, tenant)));
    assertThrows(OwnershipLostException.class, () -> running.run(steps(tables.client)));
    owner(fixture.registry).run(steps(tables.client));
    assertEquals("The operation was cancelled.", reason());
  }

  @Test
  void keepsAChangeOfTheTenantDuringTheProvisioning() {
    register();
    var owner = owner(fixture.registry);
    assertEquals(Step.CONTINUE, owner.step(steps(tables.client)));
    var current = fixture.registry.find(ACME).orElseThrow();
    fixture.registry.replace(RegistryFixture.next(current, Set.of("https://idp.example")));
    owner.run(steps(tables.client));
    var active = fixture.registry.find(ACME).orElseThrow();
    assertEquals(TenantStatus.ACTIVE, active.status());
    assertEquals(Set.of("https://idp.example"), active.issuers());
  }

  /** A late call could create the table of a tenant that is deleted already. */
  @Test
  void anOwnerWithAnOldLeaseCallsNothing() {
    register();
    var owner = owner(fixture.registry);
    nanoTime.addAndGet(Duration.ofSeconds(21).toNanos());
    assertThrows(OwnershipLostException.class, () -> owner.step(steps(tables.client)));
    assertEquals(List.of(), tables.proxy.calls());
  }

  /** Ends an instance before each of its writes. Between two writes, the stored state is equal. */
  @Test
  void aNewOwnerCompletesEveryInterruptedProvisioning() {
    var limit = new CallLimit(new AtomicInteger());
    try (var registryClient = fixture.proxy.client(List.of(limit));
        var tablesClient = tables.proxy.client(List.of(limit))) {
      var registry =
          new DynamoTenantRegistry(
              registryClient, fixture.prefix, fixture.clock, new SecureRandom());
      var calls = 0;
      while (isInterrupted(calls, limit, registry, tablesClient)) {
        calls++;
      }
      assertEquals(8, calls);
    }
  }

  private boolean isInterrupted(
      int calls, CallLimit limit, DynamoTenantRegistry registry, DynamoDbClient tablesClient) {
    var id = new TenantId("acme-" + calls);
    var tenant = register(id);
    tables.forgetBackups();
    var before = changes().size();
    limit.remaining().set(calls);
    var interrupted = false;
    try {
      owner(registry, id).run(steps(tablesClient));
    } catch (EndOfProcess _) {
      interrupted = true;
      owner(fixture.registry, id).run(steps(tables.client));
    }
    var active = fixture.registry.find(id).orElseThrow();
    assertEquals(tenant.withStatus(TenantStatus.ACTIVE, RegistryFixture.NOON), active, id::value);
    assertEquals(Optional.empty(), operations.find(id));
    assertEquals(
        List.of("CreateTable", "UpdateTimeToLive", "UpdateContinuousBackups"),
        changes().subList(before, changes().size()));
    return interrupted;
  }

  private List<String> changes() {
    return tables.proxy.calls().stream().filter(call -> !call.startsWith("Describe")).toList();
  }

  /** Ends the process at the write after the last one. */
  private record CallLimit(AtomicInteger remaining) implements ExecutionInterceptor {
    @Override
    public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
      if (isWrite(context.request()) && remaining.getAndDecrement() <= 0) {
        throw new EndOfProcess();
      }
    }
  }

  private static boolean isWrite(SdkRequest request) {
    return !request.getClass().getSimpleName().matches("(Describe|Get|Query).*");
  }

  private static final class EndOfProcess extends Error {
    private static final long serialVersionUID = 1L;
  }
}
