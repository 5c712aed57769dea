package dev.partywall.operations.offboarding;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.error.ApiException;
import dev.partywall.local.LocalDynamo;
import dev.partywall.local.aws.AwsConfig;
import dev.partywall.local.aws.LocalAws;
import dev.partywall.local.aws.dynamo.DynamoFault;
import dev.partywall.local.aws.iam.IamPolicy;
import dev.partywall.local.aws.sts.User;
import dev.partywall.operations.lifecycle.OperationSteps.Step;
import dev.partywall.operations.lifecycle.TestOwners;
import dev.partywall.storage.content.ProgressItem;
import dev.partywall.tenancy.Placement;
import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantContext;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.registry.Operation.Progress;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Deletes tenants from tables with conflicts, throttling and delayed indexes. */
@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class OffboardingFaultsTest {
  private static final Instant EXPIRY = Instant.parse("2030-01-01T00:00:00Z");
  private static final String ALL_TABLES =
      """
      {"Version": "2012-10-17", "Statement":
        {"Effect": "Allow", "Action": "dynamodb:*", "Resource": "*"}}\
      """;

  private final LocalAws aws;
  private final OffboardingFixture fixture;

  OffboardingFaultsTest(LocalDynamo dynamo) throws IOException {
    // The clients of the fixture have these credentials.
    var user = new User("local", "local", "local", List.of(IamPolicy.of(ALL_TABLES)));
    aws =
        LocalAws.start(
            AwsConfig.of("eu-central-1", "123456789012", List.of(user), List.of()), dynamo);
    fixture = new OffboardingFixture(dynamo, aws.endpoint());
  }

  @AfterEach
  void close() {
    fixture.close();
    aws.close();
  }

  private void stepUntil(OffboardingFixture.Instance instance, TenantId tenant, String state) {
    while (!fixture.operations.find(tenant).orElseThrow().state().equals(state)) {
      instance.step();
    }
  }

  /** A step that finds the fence of its owner writes only pages. */
  private void writeFence(TenantId tenant) {
    var operation = fixture.operations.find(tenant).orElseThrow();
    var progress = new ProgressItem(fixture.client, fixture.locations);
    TenantContext.run(
        new Tenant(fixture.registry.find(tenant).orElseThrow()),
        () -> progress.fence(operation.id(), operation.ownership().epoch(), () -> {}, EXPIRY));
  }

  @Test
  void waitsUntilBothIndexesAreEmpty() {
    var acme = fixture.offboard("acme", new Placement.Pool());
    fixture.store(acme, 5, 0, 0, 0);
    aws.dynamoFaultMode().delayIndex("by-i2", Duration.ofSeconds(5));
    var instance = fixture.takeOver(acme);
    stepUntil(instance, acme, Offboarding.VERIFYING);
    assertEquals(Step.WAIT, instance.step());
    assertEquals(List.of("index by-i2"), progress(acme).waitingFor());
    assertEquals(Optional.empty(), progress(acme).reason()); // a wait is no fault
    aws.dynamoFaultMode().delayIndex("by-i2", Duration.ZERO);
    assertEquals(Step.WAIT, instance.step());
    assertEquals(Offboarding.VERIFYING, fixture.operations.find(acme).orElseThrow().state());
    assertEquals(List.of(), progress(acme).waitingFor());
    instance.finish();
    assertTrue(fixture.receipt(acme).orElseThrow().endsWith(" 6"));
  }

  private Progress progress(TenantId tenant) {
    return fixture.operations.find(tenant).orElseThrow().progress();
  }

  @Test
  void countsEachItemOnceDespiteConflictsAndThrottling() {
    var acme = fixture.offboard("acme", new Placement.Pool());
    fixture.store(acme, 100, 0, 3, 2);
    var faults = aws.dynamoFaultMode();
    faults.inject(DynamoFault.TRANSACTION_CONFLICT, fixture.locations.pool(), 0.3);
    faults.inject(DynamoFault.THROUGHPUT_EXCEEDED, fixture.locations.pool(), 0.3);
    fixture.takeOver(acme).finishWithRepetitions();
    faults.restore();
    assertEquals(List.of(), fixture.items(acme));
    assertTrue(
        fixture
            .receipt(acme)
            .orElseThrow()
            .contains("{mark=3, order=100}, expiring=2]] " + KeyHash.of(fixture, acme, 100, 0, 3)));
  }

  @Test
  void slowsDownAfterAConflict() {
    var acme = fixture.offboard("acme", new Placement.Pool());
    fixture.store(acme, 1, 0, 0, 0);
    var instance = fixture.takeOver(acme);
    stepUntil(instance, acme, Offboarding.DELETING);
    writeFence(acme);
    aws.dynamoFaultMode().inject(DynamoFault.TRANSACTION_CONFLICT, fixture.locations.pool(), 1);
    assertThrows(ApiException.class, instance::step);
    fixture.paceStep.set(0);
    assertEquals(500_000_001, TestOwners.delayNanos(fixture.pace));
  }
}
