package dev.partywall.storage;

import static dev.partywall.storage.TableFixture.as;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.http.Refusal;
import dev.partywall.http.Refused;
import dev.partywall.local.LocalDynamo;
import dev.partywall.observability.WholeLog;
import dev.partywall.storage.Condition.Absent;
import dev.partywall.storage.Condition.VersionIs;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
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
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;

@ExtendWith(LocalDynamo.Shared.class)
class OutageTest {
  private static final Key KEY = new Key("thing", "one");
  private static final Item ITEM = Item.of(KEY, "{}");

  private final TableFixture fixture;
  private final Between between;

  OutageTest(LocalDynamo dynamo) throws IOException {
    fixture = new TableFixture(dynamo, Living.POOL);
    between = fixture.between;
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
  void isA503ThatSaysWhenToComeBack(int status, String code) {
    between.let(Between.refused(status, code));
    assertUnavailable(() -> as(() -> fixture.table.get(KEY)));
    assertUnavailable(() -> as(() -> fixture.table.query(Query.all("thing", 1))));
    assertUnavailable(() -> put());
  }

  /** A load balancer's own page: the SDK finds no error code in it. */
  @ParameterizedTest
  @ValueSource(ints = {500, 502, 503, 504})
  void isA503AlsoWhereAProxyAnswersInstead(int status) {
    between.let(Between.answered(status, "<html><body>Service Unavailable</body></html>"));
    assertUnavailable(() -> as(() -> fixture.table.get(KEY)));
    assertUnavailable(() -> as(() -> fixture.table.query(Query.all("thing", 1))));
    assertUnavailable(() -> put());
  }

  @Test
  void whatTheWallRefusesIsAnErrorInTheLogThatSaysForWhom() throws Exception {
    between.let(Between.refused(400, "AccessDeniedException"));
    assertUnavailable(() -> as(() -> fixture.table.get(KEY)));
    var table = fixture.placements.homeOf(TableFixture.ACME).table();
    var line = "refused GetItem on " + table + " for tenant acme: AccessDeniedException";
    assertTrue(WholeLog.errors().stream().anyMatch(it -> it.contains(line)));
  }

  @Test
  void noAnswerAtAllIsA503Too() throws IOException {
    between.let(Between.CUT);
    assertUnavailable(() -> as(() -> fixture.table.get(KEY)));
    between.close();
    assertUnavailable(() -> as(() -> fixture.table.get(KEY)));
    assertUnavailable(() -> put());
  }

  @Test
  void aFaultOfOursIsNoOutage() {
    between.let(Between.refused(400, "ValidationException"));
    assertThrows(DynamoDbException.class, () -> as(() -> fixture.table.get(KEY)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"AccessDeniedException", "ExpiredTokenException"})
  void credentialsThatAreRefusedAreNotTriedAgain(String code) {
    between.let(Between.refused(400, code));
    var before = between.calls().size();
    assertUnavailable(() -> as(() -> fixture.table.get(KEY)));
    assertEquals(before + 1, between.calls().size());
  }

  @Test
  void whatTheCredentialsRefuseIsHandedOn() {
    var refused = new Refused(new Refusal.Unavailable("no credentials", Duration.ofSeconds(7)));
    AwsCredentialsProvider none =
        () -> {
          throw refused;
        };
    var before = between.calls().size();
    try (var client = between.client(none)) {
      var table =
          new TenantTable(
              client, fixture.placements, fixture.clock, new Random(1), MarkListener.NONE);
      assertSame(refused, assertThrows(Refused.class, () -> as(() -> table.get(KEY))));
    }
    assertEquals(before, between.calls().size());
  }

  @Test
  void oneFailureIsGotOver() {
    put();
    between.letNext(Between.refused(500, "InternalServerError"));
    assertTrue(as(() -> fixture.table.get(KEY)).isPresent());
    between.letNext(Between.refused(400, "ProvisionedThroughputExceededException"));
    assertTrue(as(() -> fixture.table.get(KEY)).isPresent());
  }

  @Test
  void aWriteWhoseAnswerGotLostIsNotTakenForAFailedCondition() {
    var written = new Outcome.Written();
    between.letNext(Between.ANSWER_LOST);
    assertEquals(written, put());
    between.letNext(Between.ANSWER_LOST);
    assertEquals(written, write(Write.put(ITEM.withVersion(2), new VersionIs(1))));
    between.letNext(Between.ANSWER_LOST);
    assertEquals(written, write(Write.delete(KEY, new VersionIs(2))));
    assertEquals(3 * 2, Collections.frequency(between.calls(), "TransactWriteItems"));
  }

  @Test
  void transactionsThatMeetTryAgain() {
    between.letNext(cancelled("TransactionConflict"));
    assertEquals(new Outcome.Written(), put());
    between.let(cancelled("TransactionConflict"));
    assertUnavailable(() -> put());
  }

  @Test
  void aTransactionThatIsInvalidIsAFaultOfOurs() {
    between.let(cancelled("ValidationError"));
    assertThrows(DynamoDbException.class, () -> put());
  }

  @Test
  void anInterruptEndsTheCallAndStaysOnTheThread() throws Exception {
    var called = new CountDownLatch(1);
    var released = new CountDownLatch(1);
    between.let(_ -> {
      called.countDown();
      awaitQuietly(released);
      return Optional.empty();
    });
    var interrupted =
        new FutureTask<>(() -> {
          assertUnavailable(() -> as(() -> fixture.table.get(KEY)));
          return Thread.currentThread().isInterrupted();
        });
    var thread = Thread.ofVirtual().start(interrupted);
    called.await();
    thread.interrupt();
    assertTrue(interrupted.get());
    released.countDown();
  }

  @Test
  void anInterruptBetweenTwoAttemptsEndsThemAndStaysOnTheThread() {
    RandomGenerator interrupting =
        () -> {
          Thread.currentThread().interrupt();
          return 0;
        };
    var table =
        new TenantTable(
            fixture.client, fixture.placements, fixture.clock, interrupting, MarkListener.NONE);
    between.let(cancelled("TransactionConflict"));
    assertUnavailable(() -> as(() -> table.write(Write.put(ITEM, new Absent()))));
    assertTrue(Thread.interrupted());
  }

  private Outcome put() {
    return write(Write.put(ITEM, new Absent()));
  }

  private Outcome write(Write write) {
    return as(() -> fixture.table.write(write));
  }

  private static void assertUnavailable(Executable call) {
    var refusal = assertThrows(Refused.class, call).refusal();
    var unavailable = assertInstanceOf(Refusal.Unavailable.class, refusal);
    assertTrue(unavailable.retryAfter().isPositive());
  }

  private static Between.Fate cancelled(String reason) {
    var body =
        """
        {"__type":"com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
        "Message":"no","CancellationReasons":[{"Code":"%s","Message":"no"}]}\
        """
            .formatted(reason);
    return Between.answered(400, body);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
