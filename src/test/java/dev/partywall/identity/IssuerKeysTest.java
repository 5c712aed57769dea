package dev.partywall.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import dev.partywall.http.Refusal;
import dev.partywall.http.Refused;
import dev.partywall.local.LocalIssuer;
import dev.partywall.local.LocalKey;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How long a key is taken, and what that costs its issuer. */
class IssuerKeysTest {
  private final Gatehouse gatehouse = new Gatehouse();
  private final LocalIssuer issuer = gatehouse.issuer;

  @AfterEach
  void close() {
    gatehouse.close();
  }

  @Test
  void nothingIsFetchedBeforeTheStart() {
    assertEquals(0, issuer.requests(LocalIssuer.DISCOVERY));
  }

  @Test
  void aNewKeysTokenIsTakenAtOnceAndTheOldOnesStillAre() {
    gatehouse.refresh();
    gatehouse.clock.advance(IssuerKeys.UNKNOWN_ID_GAP);
    var old = gatehouse.signed();
    issuer.rotate();
    assertEquals(200, gatehouse.ask(gatehouse.signed()).status());
    assertEquals(200, gatehouse.ask(old).status());
    assertEquals(2, issuer.requests(LocalIssuer.KEYS));
  }

  @Test
  void aWithdrawnKeysTokenIsRefusedWithinFiveMinutesAlsoWhenItIsRemembered() {
    gatehouse.refresh();
    var token = gatehouse.signed();
    assertEquals(200, gatehouse.ask(token).status());
    issuer.publish(Pairs.RSA);
    beat(Duration.ofMinutes(5));
    assertRefused(Rejection.UNKNOWN_KEY, token);
  }

  @Test
  void aKeyThatComesBackUnderItsNameAsAnotherOneDoesNotVerifyTheOldTokens() {
    gatehouse.refresh();
    var token = gatehouse.signed();
    assertEquals(200, gatehouse.ask(token).status());
    issuer.publish(Pairs.RSA.named(issuer.key().id()));
    beat(Duration.ofMinutes(5));
    assertRefused(Rejection.SIGNATURE, token);
  }

  @Test
  void aKeyThatIsNarrowedToOneAlgorithmNoLongerVerifiesTheOthers() {
    gatehouse.refresh();
    var token = gatehouse.token().header("alg", "PS256").signedBy(issuer.key());
    assertEquals(200, gatehouse.ask(token).status());
    var narrowed = new HashMap<>(issuer.key().jwk());
    narrowed.put("alg", "RS256");
    issuer.publish(List.of(narrowed));
    beat(Duration.ofMinutes(5));
    assertRefused(Rejection.KEY_MISMATCH, token);
  }

  @Test
  void whenAllKeysAreWithdrawnNoTokenIsTakenButTheServiceStaysReady() {
    gatehouse.refresh();
    issuer.publish();
    beat(Duration.ofMinutes(5));
    assertRefused(Rejection.UNKNOWN_KEY, gatehouse.signed());
    assertTrue(gatehouse.issuers.ready());
    assertEquals("it has no key that may be used", problem());
  }

  @Test
  void theKeysStayInUseForAsLongAsTheIssuerIsAway() {
    gatehouse.refresh();
    issuer.goAway();
    beat(Duration.ofHours(10));
    assertEquals(200, gatehouse.ask(gatehouse.signed()).status());
    assertTrue(gatehouse.issuers.ready());
    assertTrue(problem().startsWith("no answer: "), this::problem);
    issuer.restore();
    beat(IssuerKeys.RETRY);
    assertEquals("", problem());
  }

  @Test
  void aServiceThatStartsWhileItsIssuerIsAwayIsUnavailableUntilItIsBack() {
    issuer.goAway();
    gatehouse.refresh();
    assertFalse(gatehouse.issuers.ready());
    var refused = assertThrows(Refused.class, () -> gatehouse.ask(gatehouse.signed()));
    assertInstanceOf(Refusal.Unavailable.class, refused.refusal());
    issuer.restore();
    beat(IssuerKeys.RETRY);
    assertTrue(gatehouse.issuers.ready());
    assertEquals(200, gatehouse.ask(gatehouse.signed()).status());
  }

  @Test
  void aTokenThatIsNoGoodAnywayIsRefusedAlsoBeforeTheFirstKeys() {
    assertRefused(Rejection.NOT_THREE_PARTS, "x");
  }

  @Test
  void theHeartBeatsByItselfOnceItIsStarted() throws InterruptedException {
    var asked = new CountDownLatch(1);
    issuer.replace(LocalIssuer.DISCOVERY, exchange -> asked.countDown());
    gatehouse.issuers.start();
    asked.await();
  }

  @Test
  void whileTheIssuerIsFreshItIsLeftAlone() {
    gatehouse.refresh();
    gatehouse.clock.advance(IssuerKeys.FRESH.minusSeconds(1));
    gatehouse.refresh();
    assertEquals(1, issuer.requests(LocalIssuer.KEYS));
    gatehouse.clock.advance(Duration.ofSeconds(1));
    gatehouse.refresh();
    assertEquals(2, issuer.requests(LocalIssuer.KEYS));
  }

  @Test
  void aClockThatIsSetBackStopsNoRefresh() {
    gatehouse.refresh();
    gatehouse.clock.advance(Duration.ofDays(-1));
    gatehouse.refresh();
    assertEquals(2, issuer.requests(LocalIssuer.KEYS));
  }

  @Test
  void twoKeysOfOneNameAreBothTried() {
    var twin = LocalKey.rsa(issuer.key().id(), 2048);
    issuer.publish(twin, issuer.key());
    gatehouse.refresh();
    assertEquals(200, gatehouse.ask(gatehouse.signed()).status());
    assertEquals(200, gatehouse.ask(gatehouse.token().signedBy(twin)).status());
    assertRefused(Rejection.SIGNATURE, gatehouse.token().signedBy(Pairs.RSA));
  }

  @Test
  void anIssuerThatNeverEndsItsAnswerIsGivenUp() {
    try (var impatient = new Gatehouse(Duration.ofMillis(100))) {
      var end = new CountDownLatch(1);
      impatient.issuer.replace(LocalIssuer.DISCOVERY, exchange -> drip(exchange, end));
      impatient.refresh();
      end.countDown();
      var status = impatient.issuers.status().getFirst();
      assertEquals(Optional.of("no answer in time"), status.problem());
    }
  }

  @Test
  void aFetchThatIsUnderWayIsJoinedHoweverLongItTakes() {
    var end = new CountDownLatch(1);
    issuer.replace(LocalIssuer.DISCOVERY, exchange -> drip(exchange, end));
    var keys = gatehouse.issuers.named(issuer.name()).orElseThrow();
    var flight = keys.refresh();
    gatehouse.clock.advance(IssuerKeys.FRESH);
    assertSame(flight, keys.refresh());
    end.countDown();
  }

  @Test
  void anEmptySetAtTheStartIsNoKeysYet() {
    issuer.publish();
    gatehouse.refresh();
    assertFalse(gatehouse.issuers.ready());
    var refused = assertThrows(Refused.class, () -> gatehouse.ask(gatehouse.signed()));
    assertInstanceOf(Refusal.Unavailable.class, refused.refusal());
    issuer.publish(issuer.key());
    beat(IssuerKeys.RETRY);
    assertEquals(200, gatehouse.ask(gatehouse.signed()).status());
  }

  @Test
  void whileTheKeysAreFetchedTheOldOnesServe() {
    gatehouse.refresh();
    var end = new CountDownLatch(1);
    issuer.replace(LocalIssuer.KEYS, exchange -> drip(exchange, end));
    gatehouse.clock.advance(IssuerKeys.FRESH);
    var flight = gatehouse.issuers.refresh();
    assertEquals(200, gatehouse.ask(gatehouse.signed()).status());
    assertFalse(flight.isDone());
    end.countDown();
  }

  private void assertRefused(Rejection reason, String token) {
    var refused = assertThrows(Refused.class, () -> gatehouse.ask(token));
    assertEquals(reason, assertInstanceOf(RejectedToken.class, refused.getCause()).reason());
  }

  /** Lets time go by in the steps in which the heart looks. */
  private void beat(Duration time) {
    for (var left = time; left.isPositive(); left = left.minus(Duration.ofMinutes(1))) {
      gatehouse.clock.advance(
          left.compareTo(Duration.ofMinutes(1)) < 0 ? left : Duration.ofMinutes(1));
      gatehouse.refresh();
    }
  }

  private String problem() {
    return gatehouse.issuers.status().getFirst().problem().orElse("");
  }

  /** Sends a beginning, and then nothing more until the end. */
  private static void drip(HttpExchange exchange, CountDownLatch end) throws IOException {
    exchange.sendResponseHeaders(200, 100);
    exchange.getResponseBody().write('{');
    exchange.getResponseBody().flush();
    await(end);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
