package dev.partywall.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.local.LocalDynamo;
import dev.partywall.observability.log.SuiteLog;
import dev.partywall.storage.WriteCondition.Absent;
import dev.partywall.storage.WriteCondition.VersionIs;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;

@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class OutageTest {
  private static final Key KEY = new Key("thing", "one");
  private static final Item ITEM = Item.of(KEY, "{}");

  private final TableFixture fixture;
  private final FaultInjectingClient proxy;

  OutageTest(LocalDynamo dynamo) throws IOException {
    fixture = new TableFixture(dynamo, PlacementKind.POOL);
    proxy = fixture.proxy;
  }

  @AfterEach
  void close() throws IOException {
    fixture.close();
  }

  @ParameterizedTest
  @CsvSource({
    "500, InternalServerError",
    "503, ServiceUnavailable",
    "400, ProvisionedThroughputExceededException",
    "400, ThrottlingException",
    "400, RequestLimitExceeded",
    "400, ResourceNotFoundException",
    "400, AccessDeniedException",
    "400, ExpiredTokenException",
    "400, UnrecognizedClientException",
  })
  void mapsErrorsOfDynamoDbToUnavailable(int status, String code) {
    proxy.handleWith(FaultInjectingClient.replyWithError(status, code));
    assertUnavailable(() -> fixture.as(() -> fixture.table.get(KEY)));
    assertUnavailable(() -> fixture.as(() -> fixture.table.query(Query.all("thing", 1))));
    assertUnavailable(() -> put());
  }

  /** The error page of a load balancer: the SDK finds no error code in it. */
  @ParameterizedTest
  @ValueSource(ints = {500, 502, 503, 504})
  void mapsErrorPagesOfProxiesToUnavailable(int status) {
    proxy.handleWith(
        FaultInjectingClient.replyWith(status, "<html><body>Service Unavailable</body></html>"));
    assertUnavailable(() -> fixture.as(() -> fixture.table.get(KEY)));
    assertUnavailable(() -> fixture.as(() -> fixture.table.query(Query.all("thing", 1))));
    assertUnavailable(() -> put());
  }

  @Test
  void logsDeniedCallsAsErrorsWithTheTenant() throws Exception {
    proxy.handleWith(FaultInjectingClient.replyWithError(400, "AccessDeniedException"));
    assertUnavailable(() -> fixture.as(() -> fixture.table.get(KEY)));
    var table = fixture.placements.locationOf(TableFixture.ACME).table();
    var message = "denied GetItem on " + table + " for tenant acme: AccessDeniedException";
    assertTrue(SuiteLog.errorLines().stream().anyMatch(line -> line.contains(message)));
    assertEquals(List.of("GetItem on " + table), proxy.denials());
  }

  @Test
  void mapsAMissingResponseToUnavailable() throws IOException {
    proxy.handleWith(FaultInjectingClient.DISCONNECT);
    assertUnavailable(() -> fixture.as(() -> fixture.table.get(KEY)));
    proxy.close();
    assertUnavailable(() -> fixture.as(() -> fixture.table.get(KEY)));
    assertUnavailable(() -> put());
  }

  @Test
  void rethrowsErrorsCausedByABug() {
    proxy.handleWith(FaultInjectingClient.replyWithError(400, "ValidationException"));
    assertThrows(DynamoDbException.class, () -> fixture.as(() -> fixture.table.get(KEY)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"AccessDeniedException", "ExpiredTokenException"})
  void doesNotRetryDeniedCalls(String code) {
    proxy.handleWith(FaultInjectingClient.replyWithError(400, code));
    var before = proxy.calls().size();
    assertUnavailable(() -> fixture.as(() -> fixture.table.get(KEY)));
    assertEquals(before + 1, proxy.calls().size());
  }

  @Test
  void propagatesTheErrorOfTheCredentialsProvider() {
    var error = new ApiException(new ApiError.Unavailable("no credentials", Duration.ofSeconds(7)));
    AwsCredentialsProvider failing =
        () -> {
          throw error;
        };
    var before = proxy.calls().size();
    try (var client = proxy.client(failing)) {
      var table = table(client, new Random(1));
      assertSame(error, assertThrows(ApiException.class, () -> fixture.as(() -> table.get(KEY))));
    }
    assertEquals(before, proxy.calls().size());
  }

  @Test
  void retriesAfterASingleFailure() {
    put();
    proxy.handleNextWith(FaultInjectingClient.replyWithError(500, "InternalServerError"));
    assertTrue(fixture.as(() -> fixture.table.get(KEY)).isPresent());
    proxy.handleNextWith(
        FaultInjectingClient.replyWithError(400, "ProvisionedThroughputExceededException"));
    assertTrue(fixture.as(() -> fixture.table.get(KEY)).isPresent());
  }

  @Test
  void retriedWritesSucceedAfterALostResponse() {
    var written = new Outcome.Written();
    proxy.handleNextWith(FaultInjectingClient.LOSE_REPLY);
    assertEquals(written, put());
    proxy.handleNextWith(FaultInjectingClient.LOSE_REPLY);
    assertEquals(written, write(Write.put(ITEM.withVersion(2), new VersionIs(1))));
    proxy.handleNextWith(FaultInjectingClient.LOSE_REPLY);
    assertEquals(written, write(Write.delete(KEY, new VersionIs(2))));
    assertEquals(3 * 2, Collections.frequency(proxy.calls(), "TransactWriteItems"));
  }

  @Test
  void retriesConflictingTransactions() {
    proxy.handleNextWith(cancelled("TransactionConflict"));
    assertEquals(new Outcome.Written(), put());
    proxy.handleWith(cancelled("TransactionConflict"));
    assertUnavailable(() -> put());
  }

  @Test
  void rethrowsTheErrorOfAnInvalidTransaction() {
    proxy.handleWith(cancelled("ValidationError"));
    assertThrows(DynamoDbException.class, () -> put());
  }

  @Test
  void endsAnInterruptedCallAndKeepsTheInterrupt() throws Exception {
    var called = new CountDownLatch(1);
    var released = new CountDownLatch(1);
    proxy.handleWith(_ -> {
      called.countDown();
      awaitQuietly(released);
      return Optional.empty();
    });
    var interrupted =
        new FutureTask<>(() -> {
          assertUnavailable(() -> fixture.as(() -> fixture.table.get(KEY)));
          return Thread.currentThread().isInterrupted();
        });
    var thread = Thread.ofVirtual().start(interrupted);
    called.await();
    thread.interrupt();
    assertTrue(interrupted.get());
    released.countDown();
  }

  @Test
  void endsRetriesOnAnInterruptAndKeepsTheInterrupt() {
    RandomGenerator interrupting =
        () -> {
          Thread.currentThread().interrupt();
          return 0;
        };
    var table = table(fixture.client, interrupting);
    proxy.handleWith(cancelled("TransactionConflict"));
    assertUnavailable(() -> fixture.as(() -> table.write(Write.put(ITEM, new Absent()))));
    assertTrue(Thread.interrupted());
  }

  private TenantTable table(DynamoDbClient client, RandomGenerator random) {
    var connection =
        new TenantTable.Connection(
            client, fixture.placements.locations(), fixture.clock, random, _ -> {});
    return new TenantTable(() -> connection);
  }

  private Outcome put() {
    return write(Write.put(ITEM, new Absent()));
  }

  private Outcome write(Write write) {
    return fixture.as(() -> fixture.table.write(write));
  }

  private static void assertUnavailable(Executable call) {
    var error = assertThrows(ApiException.class, call).error();
    var unavailable = assertInstanceOf(ApiError.Unavailable.class, error);
    assertTrue(unavailable.retryAfter().isPositive());
  }

  private static FaultInjectingClient.CallHandler cancelled(String reason) {
    var body =
        """
        {"__type":"com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
        "Message":"no","CancellationReasons":[{"Code":"%s","Message":"no"}]}\
        """
            .formatted(reason);
    return FaultInjectingClient.replyWith(400, body);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
