package dev.partywall.operations;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.concurrent.Conditions;
import dev.partywall.concurrent.Latches;
import dev.partywall.error.ApiException;
import dev.partywall.local.LocalDynamo;
import dev.partywall.metering.ledger.Ledger;
import dev.partywall.registry.DynamoTenantRegistry;
import dev.partywall.storage.FaultInjectingClient;
import dev.partywall.storage.TableProvisioning;
import dev.partywall.storage.TestPlacements;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveStatus;

@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class ProvisioningTest {
  private final LocalDynamo dynamo;
  private final FaultInjectingClient proxy;
  private final DynamoDbClient client;
  private final String prefix;

  ProvisioningTest(LocalDynamo dynamo) throws IOException {
    this.dynamo = dynamo;
    proxy = new FaultInjectingClient(dynamo);
    client = proxy.client();
    prefix = dynamo.uniquePrefix();
  }

  @AfterEach
  void close() throws IOException {
    client.close();
    proxy.close();
  }

  @Test
  void aProbeOnlyReads() {
    var provisioning = provisioning(true);
    assertEquals(missingTables(), provisioning.faults());
    assertEquals(missingTables(), provisioning.faults());
    assertEquals(Set.of("DescribeTable"), Set.copyOf(proxy.calls()));
  }

  @Test
  void createsTheMissingTablesInTheBackground() {
    try (var provisioning = provisioning(true).start(() -> 0)) {
      awaitNoFaults(provisioning);
      assertEquals(3, proxy.calls().stream().filter("CreateTable"::equals).count());
      try (var engine = dynamo.client()) {
        engine.deleteTable(request -> request.tableName(prefix + "usage"));
      }
      assertEquals(List.of("table " + prefix + "usage is missing"), provisioning.faults());
    }
  }

  @Test
  void changesNothingIfTheTablesExist() {
    tables().createMissing();
    var before = proxy.calls().size();
    try (var provisioning = provisioning(true).start(() -> 0)) {
      awaitNoFaults(provisioning);
    }
    var calls = proxy.calls().subList(before, proxy.calls().size());
    assertFalse(calls.contains("CreateTable"), calls::toString);
    assertFalse(calls.contains("UpdateTimeToLive"), calls::toString);
  }

  @Test
  void enablesTheTimeToLiveThatTheFirstAttemptDidNotEnable() {
    failTheLastTimeToLiveOnce();
    try (var _ = provisioning(true).start(() -> 0)) {
      awaitTimeToLive();
    }
  }

  /** For example after a kill. */
  @Test
  void enablesTheTimeToLiveThatAnEarlierProcessDidNotEnable() {
    failTheLastTimeToLiveOnce();
    assertThrows(ApiException.class, tables()::createMissing);
    assertEquals(List.of(), tables().faults());
    assertTrue(tables().isAnyWithoutTimeToLive());
    try (var _ = provisioning(true).start(() -> 0)) {
      awaitTimeToLive();
    }
  }

  @Test
  void succeedsIfTheCredentialsDoNotPermitTheQuestionAboutTimeToLive() {
    tables().createMissing();
    proxy.handleOperationWith(
        "DescribeTimeToLive", FaultInjectingClient.replyWithError(400, "AccessDeniedException"));
    assertEquals(List.of("table " + prefix + "usage is missing"), faultsAfterOneAttempt());
  }

  @Test
  void repeatsTheQuestionAboutTimeToLiveAfterAnOutage() {
    tables().createMissing();
    proxy.handleOperationWith("DescribeTimeToLive", FaultInjectingClient.DISCONNECT);
    assertEquals(2, faultsAfterOneAttempt().size());
  }

  /** A reason for the missing table is that of the attempt. */
  private List<String> faultsAfterOneAttempt() {
    var isEnded = new CountDownLatch(1);
    var delay = new CompletableFuture<Double>();
    var provisioning =
        provisioning(true)
            .start(() -> { // after the end of the first attempt, for the delay of the second one
              isEnded.countDown();
              return delay.join();
            });
    Latches.await(isEnded);
    provisioning.close();
    delay.complete(0.0);
    try (var engine = dynamo.client()) {
      engine.deleteTable(request -> request.tableName(prefix + "usage"));
    }
    return provisioning.faults();
  }

  @Test
  void ignoresTheTimeToLiveUnlessConfigured() {
    tables().createMissing();
    var before = proxy.calls().size();
    try (var provisioning = provisioning(false).start(() -> 0)) {
      while (proxy.calls().size() < before + 3) {
        Conditions.pause();
      }
      assertEquals(List.of(), provisioning.faults());
    }
    var calls = proxy.calls().subList(before, proxy.calls().size());
    assertEquals(Set.of("DescribeTable"), Set.copyOf(calls));
  }

  private void failTheLastTimeToLiveOnce() {
    proxy.handleOperationWith(
        "UpdateTimeToLive",
        upstream -> {
          if (count("UpdateTimeToLive") < 3) {
            return Optional.of(upstream.send());
          }
          proxy.handleOperationWith("UpdateTimeToLive", FaultInjectingClient.FORWARD);
          return FaultInjectingClient.replyWithError(400, "AccessDeniedException").handle(upstream);
        });
  }

  private void awaitTimeToLive() {
    try (var engine = dynamo.client()) {
      for (var table : List.of("orders", "usage", "tenants")) {
        Conditions.await(
            () -> timeToLive(engine, prefix + table) == TimeToLiveStatus.ENABLED,
            "time to live is off: " + table);
      }
    }
  }

  /** An absent table, which the background creates later, has no time to live yet. */
  private static TimeToLiveStatus timeToLive(DynamoDbClient engine, String table) {
    try {
      return engine
          .describeTimeToLive(request -> request.tableName(table))
          .timeToLiveDescription()
          .timeToLiveStatus();
    } catch (ResourceNotFoundException _) {
      return TimeToLiveStatus.DISABLED;
    }
  }

  private long count(String operation) {
    return proxy.calls().stream().filter(operation::equals).count();
  }

  /** Another fault than a missing table: the credentials for the creation are not needed. */
  @Test
  void aTableThatIsNotActiveNeedsNoProvisioner() {
    tables().createMissing();
    proxy.handleOperationWith(
        "DescribeTable",
        upstream -> {
          var reply = upstream.send();
          return Optional.of(
              new FaultInjectingClient.Reply(200, reply.body().replace("ACTIVE", "CREATING")));
        });
    var before = proxy.calls().size();
    try (var provisioning = provisioning(true).start(() -> 0)) {
      // The reason of the failed attempt follows those of the three tables.
      Conditions.await(() -> provisioning.faults().size() == 4, "no attempt has failed");
      assertEquals("table " + prefix + "orders is CREATING", provisioning.faults().getFirst());
      var calls = proxy.calls().subList(before, proxy.calls().size());
      assertEquals(Set.of("DescribeTable"), Set.copyOf(calls));
    }
  }

  @Test
  void createsNoTablesUnlessConfigured() {
    try (var provisioning = provisioning(false).start(() -> 0)) {
      // The second attempt begins after the end of the first one.
      Conditions.await(() -> proxy.calls().size() > 3, "no second attempt");
      assertEquals(missingTables(), provisioning.faults());
      assertFalse(proxy.calls().contains("CreateTable"), () -> proxy.calls().toString());
    }
  }

  @Test
  void repeatsAfterAFailureAndReportsItsReasonMeanwhile() {
    proxy.handleOperationWith(
        "CreateTable", FaultInjectingClient.replyWithError(400, "AccessDeniedException"));
    try (var provisioning = provisioning(true).start(() -> 0)) {
      List<String> faults;
      do {
        faults = provisioning.faults();
      } while (faults.size() == 3);
      assertEquals(
          "Periodic task provisioning failed: java.lang.IllegalStateException: DynamoDB is"
              + " unreachable, or rejects the credentials",
          faults.getLast());
      assertEquals(missingTables(), faults.subList(0, 3));
      proxy.handleOperationWith("CreateTable", FaultInjectingClient.FORWARD);
      awaitNoFaults(provisioning);
    }
  }

  private static void awaitNoFaults(Provisioning provisioning) {
    Conditions.await(() -> provisioning.faults().isEmpty(), "the tables have faults");
  }

  private List<String> missingTables() {
    return List.of(
        "table " + prefix + "orders is missing",
        "table " + prefix + "usage is missing",
        "table " + prefix + "tenants is missing");
  }

  private Provisioning provisioning(boolean createTables) {
    return new Provisioning(tables(), createTables);
  }

  private TableProvisioning tables() {
    var tables = new ArrayList<>(new TestPlacements(prefix + "orders", Map.of()).schemas());
    tables.add(Ledger.schema(prefix));
    tables.add(DynamoTenantRegistry.schema(prefix));
    return new TableProvisioning(client, tables);
  }
}
