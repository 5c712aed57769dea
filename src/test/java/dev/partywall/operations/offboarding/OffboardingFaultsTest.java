package dev.partywall.operations.offboarding;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.local.LocalDynamo;
import dev.partywall.local.aws.AwsConfig;
import dev.partywall.local.aws.LocalAws;
import dev.partywall.local.aws.dynamo.DynamoFault;
import dev.partywall.local.aws.iam.IamPolicy;
import dev.partywall.local.aws.sts.User;
import dev.partywall.operations.lifecycle.OperationSteps.Step;
import dev.partywall.operations.lifecycle.TestOwners;
import dev.partywall.tenancy.Placement;
import dev.partywall.tenancy.TenantId;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Deletes tenants from tables with conflicts, throttling and delayed indexes. */
@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class OffboardingFaultsTest {
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

  @Test
  void waitsUntilBothIndexesAreEmpty() {
    var acme = fixture.offboard("acme", new Placement.Pool());
    fixture.store(acme, 5, 0, 0, 0);
    aws.dynamoFaultMode().delayIndex("by-i2", Duration.ofSeconds(5));
    var instance = fixture.takeOver(acme);
    stepUntil(instance, acme, Offboarding.VERIFYING);
    assertEquals(Step.WAIT, instance.step());
    assertEquals(
        Optional.of("The index by-i2 still contains items."),
        fixture.operations.find(acme).orElseThrow().progress().reason());
    aws.dynamoFaultMode().delayIndex("by-i2", Duration.ZERO);
    assertEquals(Step.WAIT, instance.step());
    assertEquals(Offboarding.VERIFYING, fixture.operations.find(acme).orElseThrow().state());
    instance.finish();
    assertTrue(fixture.receipt(acme).orElseThrow().endsWith(" 6"));
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
    fixture.paceStep.set(0);
    assertEquals(0, TestOwners.delayNanos(fixture.pace));
    aws.dynamoFaultMode().inject(DynamoFault.TRANSACTION_CONFLICT, fixture.locations.pool(), 0.5);
    assertEquals(Step.CONTINUE, instance.step()); // the fence is written, the page is not
    assertEquals(500_000_001, TestOwners.delayNanos(fixture.pace));
  }
}
