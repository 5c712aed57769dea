package dev.partywall.operations.provisioning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.local.LocalDynamo;
import dev.partywall.operations.lifecycle.OperationSteps.Step;
import dev.partywall.operations.lifecycle.OwnershipLostException;
import dev.partywall.registry.RegistryFixture;
import dev.partywall.storage.FaultInjectingClient;
import dev.partywall.storage.Schema;
import dev.partywall.storage.silo.CreationDeadline;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.TenantStatus;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class ProvisioningStepsTest {
  private static final TenantId ACME = ProvisioningFixture.ACME;

  private ProvisioningFixture fixture;

  @BeforeEach
  void start(LocalDynamo dynamo) throws IOException {
    fixture = new ProvisioningFixture(dynamo);
  }

  @AfterEach
  void close() throws IOException {
    fixture.close();
  }

  private String state() {
    return fixture.store.find(ACME).orElseThrow().state();
  }

  @Test
  void createsTheTableAndActivatesTheTenant() {
    var tenant = fixture.register();
    var owner = fixture.owner();
    var states = new ArrayList<String>();
    do {
      states.add(state());
    } while (owner.step(fixture.steps(fixture.tables.client)) != Step.ENDED);
    assertEquals(List.of("creating-table", "creating-table", "activating", "protecting"), states);
    assertEquals(
        tenant.withStatus(TenantStatus.ACTIVE, RegistryFixture.NOON),
        fixture.tenants().find(ACME).orElseThrow());
    assertEquals(Optional.empty(), fixture.store.find(ACME));
    assertEquals(
        List.of(
            "POST /tenants /tenants/acme proceeded {operation=provisioning, state=creating-table}",
            "POST /tenants /tenants/acme proceeded {operation=provisioning, state=activating}",
            "POST /tenants /tenants/acme proceeded {operation=provisioning, state=protecting}",
            "POST /tenants /tenants/acme done {operation=provisioning, status=active}"),
        fixture.entries.lines());
  }

  @Test
  void waitsForAnUnfinishedTable() {
    fixture.register();
    var owner = fixture.owner();
    assertEquals(Step.WAIT, owner.step(fixture.steps(fixture.tables.client)));
    fixture.tables.proxy.handleOperationWith(
        "DescribeTable",
        upstream -> {
          var reply = upstream.send();
          var creating = reply.body().replace("ACTIVE", "CREATING");
          return Optional.of(new FaultInjectingClient.Reply(reply.status(), creating));
        });
    assertEquals(Step.CONTINUE, owner.step(fixture.steps(fixture.tables.client)));
    assertEquals("activating", state());
    assertEquals(Step.WAIT, owner.step(fixture.steps(fixture.tables.client)));
  }

  @Test
  void aTableThatContainsItemsOfTheTenantIsNotItsSilo() {
    fixture.register();
    var owner = fixture.owner();
    owner.step(fixture.steps(fixture.tables.client));
    var table = fixture.registry.prefix + "orders.acme";
    fixture.tables.client.putItem(put ->
        put.tableName(table)
            .item(
                Map.of(
                    "pk", AttributeValue.fromS("acme"),
                    "sk", AttributeValue.fromS("order#1"))));
    owner.run(fixture.steps(fixture.tables.client));
    var failed = fixture.tenants().find(ACME).orElseThrow();
    assertEquals(TenantStatus.FAILED, failed.status());
    assertEquals(
        Optional.of("The table contains items of the tenant already."),
        fixture.operations().shown(failed).orElseThrow().progress().reason());
  }

  @Test
  void aTenantWhoseTableCannotBeCreatedFailsWithTheReason() {
    fixture.register();
    fixture.tables.proxy.handleOperationWith(
        "CreateTable", FaultInjectingClient.replyWithError(400, "AccessDeniedException"));
    fixture.owner().run(fixture.steps(fixture.tables.client));
    var failed = fixture.tenants().find(ACME).orElseThrow();
    assertEquals(TenantStatus.FAILED, failed.status());
    assertEquals(Optional.empty(), fixture.store.find(ACME));
    var shown = fixture.operations().shown(failed).orElseThrow();
    assertEquals("failed", shown.state());
    assertEquals("olga", shown.requestedBy());
    assertEquals(RegistryFixture.NOON, shown.origin().startedAt());
    assertEquals(
        "The table "
            + fixture.registry.prefix
            + "orders.acme cannot be created: AccessDeniedException",
        shown.progress().reason().orElseThrow());
  }

  private String reason() {
    var failed = fixture.tenants().find(ACME).orElseThrow();
    assertEquals(TenantStatus.FAILED, failed.status());
    return fixture.operations().shown(failed).orElseThrow().progress().reason().orElseThrow();
  }

  @Test
  void aRepetitionContinuesWithTheTableOfTheFailedAttempt() {
    fixture.register();
    fixture.tables.proxy.handleOperationWith(
        "UpdateTimeToLive", FaultInjectingClient.replyWithError(400, "AccessDeniedException"));
    fixture.owner().run(fixture.steps(fixture.tables.client));
    var failed = fixture.tenants().find(ACME).orElseThrow();
    fixture.tables.proxy.handleOperationWith("UpdateTimeToLive", FaultInjectingClient.FORWARD);
    new SiloProvisioning(fixture.operations(), () -> "second")
        .restart(
            failed, failed.withStatus(TenantStatus.PROVISIONING, RegistryFixture.NOON), "otto");
    fixture.owner().run(fixture.steps(fixture.tables.client));
    assertEquals(TenantStatus.ACTIVE, fixture.tenants().find(ACME).orElseThrow().status());
    assertEquals(1, fixture.tables.proxy.calls().stream().filter("CreateTable"::equals).count());
  }

  @Test
  void aTableWithOtherKeysIsNotUsed() {
    fixture.register();
    var name = fixture.registry.prefix + "orders.acme";
    fixture.tables.client.createTable(Schema.ofService(name, false).createRequest());
    fixture.owner().run(fixture.steps(fixture.tables.client));
    assertEquals(
        "The table " + name + " exists and has no index by-i1 with the key pk and i1", reason());
  }

  @Test
  void aCancelledProvisioningFails() {
    var tenant = fixture.register();
    var running = fixture.owner();
    assertEquals(Step.WAIT, running.step(fixture.steps(fixture.tables.client)));
    var operation = fixture.store.find(ACME).orElseThrow();
    assertTrue(
        fixture.store.update(
            operation, fixture.steps(fixture.tables.client).cancelled(operation, tenant)));
    assertThrows(
        OwnershipLostException.class, () -> running.run(fixture.steps(fixture.tables.client)));
    fixture.owner().run(fixture.steps(fixture.tables.client));
    assertEquals("The operation was cancelled.", reason());
    assertEquals(
        "POST /tenants /tenants/acme failed"
            + " {operation=provisioning, reason=The operation was cancelled.}",
        fixture.entries.lines().getLast());
  }

  @Test
  void keepsAChangeOfTheTenantDuringTheProvisioning() {
    fixture.register();
    var owner = fixture.owner();
    assertEquals(Step.WAIT, owner.step(fixture.steps(fixture.tables.client)));
    var current = fixture.tenants().find(ACME).orElseThrow();
    fixture.tenants().replace(RegistryFixture.next(current, Set.of("https://idp.example")));
    owner.run(fixture.steps(fixture.tables.client));
    var active = fixture.tenants().find(ACME).orElseThrow();
    assertEquals(TenantStatus.ACTIVE, active.status());
    assertEquals(Set.of("https://idp.example"), active.issuers());
  }

  /** A late call could create the table of a tenant that is deleted already. */
  @Test
  void anOwnerThatWasReplacedCallsNothing() {
    fixture.register();
    var owner = fixture.owner();
    fixture.owner();
    assertThrows(
        OwnershipLostException.class, () -> owner.step(fixture.steps(fixture.tables.client)));
    assertEquals(List.of(), fixture.tables.proxy.calls());
  }

  /** The barrier of a deletion does not wait for a process that is stopped for hours. */
  @Test
  void anOwnerThatIsStoppedForLongerThanItsLeaseRequestsNoTable() {
    fixture.register();
    var owner = fixture.owner();
    var client = fixture.tables.client(List.of(new CreationDeadline(fixture.nanoTime::get)));
    fixture.tables.proxy.handleOperationWith(
        "DescribeTable",
        upstream -> {
          fixture.nanoTime.addAndGet(Duration.ofSeconds(20).toNanos() + 1);
          return Optional.of(upstream.send());
        });
    assertEquals(Step.REPEAT, owner.step(fixture.steps(client)));
    assertFalse(fixture.tables.proxy.calls().contains("CreateTable"));

    fixture.tables.proxy.handleOperationWith(
        "DescribeTable",
        upstream -> {
          fixture.nanoTime.addAndGet(Duration.ofSeconds(20).toNanos());
          return Optional.of(upstream.send());
        });
    assertEquals(Step.WAIT, owner.step(fixture.steps(client)));
    assertTrue(fixture.tables.proxy.calls().contains("CreateTable"));
  }
}
