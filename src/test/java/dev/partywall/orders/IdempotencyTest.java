package dev.partywall.orders;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.partywall.local.LocalDynamo;
import dev.partywall.orders.Shop.Answer;
import dev.partywall.orders.Shop.Caller;
import dev.partywall.storage.Between;
import dev.partywall.storage.Living;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Living.class)
@ExtendWith(LocalDynamo.Shared.class)
class IdempotencyTest {
  private static final String OTHER = Shop.BRICKS.replace("990", "991");

  private final Shop shop;

  IdempotencyTest(Living living, LocalDynamo dynamo) throws IOException {
    shop = new Shop(dynamo, living);
  }

  @AfterEach
  void close() throws IOException {
    shop.close();
  }

  @Test
  void theSameAgainGetsTheSameAnswerEvenWhenTheOrderIsAnotherByThen() {
    var first = keyed("k");
    shop.put(first.id(), OTHER, "If-Match", "*");
    assertSame(first, keyed("k"));
    shop.delete(first.id());
    assertSame(first, keyed("k"));
    assertEquals(0, orders());
  }

  @Test
  void quotesMakeNoDifference() {
    assertSame(keyed("8e03978e-40d5-43dd"), keyed("\"8e03978e-40d5-43dd\""));
    assertEquals(1, orders());
  }

  @Test
  void anotherBodyUnderTheSameKeyIsRefused() {
    keyed("k");
    var reused = shop.post(OTHER, "Idempotency-Key", "k");
    assertEquals(422, reused.status());
    assertEquals("idempotency-key-reused", reused.problem());
    assertEquals(422, shop.post("{}", "Idempotency-Key", "k").status());
    assertEquals(1, orders());
  }

  @Test
  void aBodyThatDoesNotHoldIsKeptToo() {
    var first = shop.post("{\"items\":[]}", "Idempotency-Key", "k");
    var again = shop.post("{\"items\":[]}", "Idempotency-Key", "k");
    assertEquals(422, first.status());
    assertEquals("invalid-body", first.problem());
    assertArrayEquals(first.raw().body(), again.raw().body());
    assertEquals("idempotency-key-reused", keyed("k").problem());
  }

  @Test
  void whatCanNotBeUnderstoodIsNotKept() {
    assertEquals(400, shop.post("{", "Idempotency-Key", "k").status());
    assertEquals(400, shop.post("{\"total\":1}", "Idempotency-Key", "k").status());
    var text = new String[] {"Idempotency-Key", "k", "Content-Type", "text/plain"};
    assertEquals(415, shop.post(Shop.BRICKS, text).status());
    assertEquals(201, keyed("k").status());
  }

  @Test
  void aKeyBelongsToItsUser() {
    var alices = keyed("k");
    var bobs = shop.send(Caller.BOB, "POST", "/orders", OTHER, "Idempotency-Key", "k");
    var stranger = shop.send(Caller.STRANGER, "POST", "/orders", OTHER, "Idempotency-Key", "k");
    assertEquals(201, bobs.status());
    assertEquals(201, stranger.status());
    assertNotEquals(alices.id(), bobs.id());
    assertEquals(2, orders());
  }

  @Test
  void aDayLaterTheKeyIsNew() {
    var first = keyed("k");
    shop.clock().move(Duration.ofHours(24));
    assertSame(first, keyed("k"));
    shop.clock().move(Duration.ofSeconds(2));
    var second = shop.post(OTHER, "Idempotency-Key", "k");
    assertEquals(201, second.status());
    assertEquals(second.id(), shop.post(OTHER, "Idempotency-Key", "k").id());
    assertEquals(2, orders());
  }

  @Test
  void ofManyAtOnceThereIsOneOrderAndOneAnswer() throws Exception {
    var ids = new HashSet<String>();
    Callable<Answer> post = () -> keyed("k");
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var future : threads.invokeAll(Collections.nCopies(32, post))) {
        assertEquals(201, future.get().status());
        ids.add(future.get().text());
      }
    }
    assertEquals(1, ids.size());
    assertEquals(1, orders());
  }

  @Test
  void anAnswerThatGotLostOnTheWayFromDynamoDbChangesNothing() {
    shop.between().letNext(Between.ANSWER_LOST);
    var first = keyed("k");
    assertEquals(201, first.status());
    assertSame(first, keyed("k"));
    assertEquals(1, orders());
  }

  @Test
  void whoIsToldThatItFailedThoughItWasDoneGetsTheOrderByAskingAgain() {
    shop.between().let(Between.ANSWER_LOST);
    assertEquals(503, keyed("k").status());
    shop.between().let(Between.THROUGH);
    assertEquals(201, keyed("k").status());
    assertEquals(1, orders());
  }

  @Test
  void anOutageIsNotKept() {
    shop.between().let(Between.refused(500, "InternalServerError"));
    assertEquals(503, keyed("k").status());
    shop.between().let(Between.THROUGH);
    assertEquals(201, keyed("k").status());
  }

  @Test
  void aKeyThatDoesNotHoldIsA400() {
    assertEquals(400, keyed("two words").status());
    assertEquals(400, keyed("k".repeat(256)).status());
  }

  private Answer keyed(String key) {
    return shop.post(Shop.BRICKS, "Idempotency-Key", key);
  }

  private int orders() {
    return shop.get("/orders?limit=100").json().get("orders").size();
  }

  private static void assertSame(Answer expected, Answer actual) {
    assertEquals(201, actual.status());
    assertEquals(expected.text(), actual.text());
    assertEquals(expected.header("Location"), actual.header("Location"));
    assertEquals(expected.header("ETag"), actual.header("ETag"));
  }
}
