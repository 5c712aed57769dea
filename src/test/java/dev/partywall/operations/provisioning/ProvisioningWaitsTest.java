package dev.partywall.operations.provisioning;

import static dev.partywall.concurrent.Conditions.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.local.LocalDynamo;
import dev.partywall.operations.lifecycle.Obstacles;
import dev.partywall.operations.lifecycle.OperationSteps.Step;
import dev.partywall.operations.lifecycle.TenantOperations;
import dev.partywall.storage.FaultInjectingClient;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.TenantStatus;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Provisionings that wait for DynamoDB. */
@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class ProvisioningWaitsTest {
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

  private String reason() {
    var failed = fixture.tenants().find(ACME).orElseThrow();
    assertEquals(TenantStatus.FAILED, failed.status());
    return fixture.operations().shown(failed).orElseThrow().progress().reason().orElseThrow();
  }

  private void rejectCreation(String code) {
    fixture.tables.proxy.handleOperationWith(
        "CreateTable", FaultInjectingClient.replyWithError(400, code));
  }

  @Test
  void waitsWithTheReasonWhileTheAccountCreatesTooManyTables() {
    var tenant = fixture.register();
    rejectCreation("LimitExceededException");
    var owner = fixture.owner();
    assertEquals(Step.REPEAT, owner.step(fixture.steps(fixture.tables.client)));
    assertEquals(
        Optional.of(
            "The table "
                + fixture.registry.prefix
                + "orders.acme is not complete yet: LimitExceededException (HTTP status 400)"),
        fixture.store.find(ACME).orElseThrow().progress().reason());
    fixture.advance(Duration.ofMinutes(59));
    assertEquals(Step.REPEAT, owner.step(fixture.steps(fixture.tables.client)));
    fixture.tables.proxy.handleOperationWith("CreateTable", FaultInjectingClient.FORWARD);
    assertEquals(Step.WAIT, owner.step(fixture.steps(fixture.tables.client)));
    assertEquals(Optional.empty(), fixture.store.find(ACME).orElseThrow().progress().reason());
    owner.run(fixture.steps(fixture.tables.client));
    assertEquals(tenant.version() + 1, fixture.tenants().find(ACME).orElseThrow().version());
    assertEquals(TenantStatus.ACTIVE, fixture.tenants().find(ACME).orElseThrow().status());
  }

  @Test
  void anInstanceWithoutTheProvisionerShowsTheReasonAndCanCancel() {
    var tenant = fixture.register();
    try (var runner = fixture.runner(fixture.stepsWithoutProvisioner())) {
      var reason = Optional.of(Obstacles.NO_PROVISIONER);
      runner.start(fixture.store.find(ACME).orElseThrow());
      await(
          () -> fixture.store.find(ACME).orElseThrow().progress().reason().equals(reason),
          "the operation has no reason");
      assertTrue(fixture.store.find(ACME).orElseThrow().ownership().isFree());
      var operations = new TenantOperations(fixture.store, runner);
      await(
          () -> {
            operations.cancel(tenant);
            return fixture.tenants().find(ACME).orElseThrow().status() == TenantStatus.FAILED;
          },
          "the operation is not cancelled");
    }
    assertEquals("The operation was cancelled.", reason());
  }

  @Test
  void waitsWithTheReasonWhileTheItemsCannotBeRead() {
    fixture.register();
    fixture.tables.proxy.handleOperationWith(
        "Query", FaultInjectingClient.replyWithError(400, "AccessDeniedException"));
    var owner = fixture.owner();
    var steps = fixture.steps(fixture.tables.client);
    var step = owner.step(steps);
    while (step == Step.WAIT || step == Step.CONTINUE) {
      step = owner.step(steps);
    }
    assertEquals(Step.REPEAT, step);
    assertEquals(
        Optional.of("The items of the table cannot be read."),
        fixture.store.find(ACME).orElseThrow().progress().reason());
    fixture.tables.proxy.handleOperationWith("Query", FaultInjectingClient.FORWARD);
    owner.run(steps);
    assertEquals(TenantStatus.ACTIVE, fixture.tenants().find(ACME).orElseThrow().status());
  }

  @Test
  void failsAfterAnHourWithoutProgress() {
    fixture.register();
    rejectCreation("LimitExceededException");
    var owner = fixture.owner();
    assertEquals(Step.REPEAT, owner.step(fixture.steps(fixture.tables.client)));
    fixture.advance(Duration.ofHours(1));
    assertEquals(Step.ENDED, owner.step(fixture.steps(fixture.tables.client)));
    assertEquals(
        "The table "
            + fixture.registry.prefix
            + "orders.acme is not complete yet: LimitExceededException (HTTP status 400)",
        reason());
  }

  /** The time without an owner does not count, and the clocks of two owners can differ. */
  @Test
  void eachOwnerHasAnHourOfItsOwn() {
    fixture.register();
    rejectCreation("LimitExceededException");
    assertEquals(Step.REPEAT, fixture.owner().step(fixture.steps(fixture.tables.client)));
    fixture.advance(Duration.ofHours(2));
    var owner = fixture.owner();
    assertEquals(Step.REPEAT, owner.step(fixture.steps(fixture.tables.client)));
    fixture.advance(Duration.ofMinutes(59));
    assertEquals(Step.REPEAT, owner.step(fixture.steps(fixture.tables.client)));
    fixture.advance(Duration.ofMinutes(1));
    assertEquals(Step.ENDED, owner.step(fixture.steps(fixture.tables.client)));
  }

  /** A step whose audit entry is late is repeated, as its first step. */
  @Test
  void theHourContinuesWhileAuditEntriesAreLate() {
    fixture.register();
    rejectCreation("LimitExceededException");
    var steps = fixture.steps(fixture.tables.client);
    assertEquals(Step.REPEAT, fixture.owner().step(steps));
    var owner = fixture.owner();
    fixture.entries.whenWaiting(() -> {
      throw new ApiException(new ApiError.Unavailable("late", Duration.ofSeconds(1)));
    });
    assertThrows(ApiException.class, () -> owner.step(steps));
    fixture.advance(Duration.ofMinutes(30));
    assertThrows(ApiException.class, () -> owner.step(steps));
    fixture.entries.whenWaiting(() -> {});
    fixture.advance(Duration.ofMinutes(29));
    assertEquals(Step.REPEAT, owner.step(steps));
    fixture.advance(Duration.ofMinutes(1));
    assertEquals(Step.ENDED, owner.step(steps));
  }

  /** Each state has an hour of its own. */
  @Test
  void failsIfTheTableDoesNotBecomeActiveWithinAnHour() {
    fixture.register();
    var owner = fixture.owner();
    assertEquals(Step.WAIT, owner.step(fixture.steps(fixture.tables.client)));
    fixture.advance(Duration.ofMinutes(59));
    fixture.tables.proxy.handleOperationWith(
        "DescribeTable",
        upstream -> {
          var reply = upstream.send();
          var creating = reply.body().replace("ACTIVE", "CREATING");
          return Optional.of(new FaultInjectingClient.Reply(reply.status(), creating));
        });
    assertEquals(Step.CONTINUE, owner.step(fixture.steps(fixture.tables.client)));
    fixture.advance(Duration.ofMinutes(59));
    assertEquals(Step.WAIT, owner.step(fixture.steps(fixture.tables.client)));
    fixture.advance(Duration.ofMinutes(1));
    assertEquals(Step.ENDED, owner.step(fixture.steps(fixture.tables.client)));
    assertEquals(
        "The table " + fixture.registry.prefix + "orders.acme has made no progress for 60 minutes.",
        reason());
  }

  /** A table that is created late would remain after the deletion of the tenant. */
  @Test
  void theDeletionOfTheTenantWaitsForACallInFlight() {
    fixture.register();
    var acknowledged = new ArrayList<Long>();
    fixture.tables.proxy.handleOperationWith(
        "CreateTable",
        upstream -> {
          fixture.requests.applied(7);
          acknowledged.add(fixture.requests.acknowledged());
          return Optional.of(upstream.send());
        });
    assertEquals(Step.WAIT, fixture.owner().step(fixture.steps(fixture.tables.client)));
    assertEquals(List.of(0L), acknowledged);
    assertEquals(7, fixture.requests.acknowledged());
  }
}
