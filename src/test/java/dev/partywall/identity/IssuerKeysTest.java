package dev.partywall.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.partywall.http.Refusal;
import dev.partywall.http.Refused;
import dev.partywall.local.LocalIssuer;
import dev.partywall.local.LocalKey;
import dev.partywall.local.LocalToken;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
  void aFloodOfUnknownIdsCausesOneFetch() throws Exception {
    gatehouse.refresh();
    gatehouse.clock.advance(IssuerKeys.UNKNOWN_ID_GAP);
    var tokens =
        IntStream.range(0, 500)
            .mapToObj(i -> gatehouse.token().header("kid", "unknown-" + i).signedBy(Pairs.RSA))
            .<Callable<Void>>map(token ->
                () -> {
                  assertRefused(Rejection.UNKNOWN_KEY, token);
                  return null;
                })
            .toList();
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var done : executor.invokeAll(tokens)) {
        done.get();
      }
    }
    assertEquals(2, issuer.requests(LocalIssuer.KEYS));
    gatehouse.clock.advance(IssuerKeys.UNKNOWN_ID_GAP);
    assertRefused(Rejection.UNKNOWN_KEY, unknown());
    assertEquals(3, issuer.requests(LocalIssuer.KEYS));
  }

  @Test
  void anUnknownIssuerOrAWrongTokenCausesNoFetchAtAll() {
    gatehouse.refresh();
    gatehouse.clock.advance(IssuerKeys.UNKNOWN_ID_GAP);
    var strange = gatehouse.token().claim("iss", "http://127.0.0.1:1").header("kid", "x");
    assertRefused(Rejection.ISSUER, strange.signedBy(Pairs.RSA));
    assertRefused(Rejection.ALGORITHM, Forge.signed(gatehouse.token().header("alg", "none")));
    assertEquals(1, issuer.requests(LocalIssuer.DISCOVERY));
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
  void unfitKeysAreLeftOutOneByOneAndTheOthersHold() {
    var keys = new ArrayList<Map<String, Object>>();
    Unfit.KEYS.forEach(unfit -> keys.add(unfit.jwk()));
    keys.add(Map.of());
    keys.add(Map.of("kid", 1, "kty", "RSA"));
    keys.add(issuer.key().jwk());
    issuer.publish(keys);
    gatehouse.refresh();
    assertEquals(200, gatehouse.ask(gatehouse.signed()).status());
    assertTrue(problem().contains("an RSA key has less than 2048 bits"), this::problem);
    assertEquals(Unfit.KEYS.size() + 2, problem().split(";", -1).length);
  }

  @Test
  void entriesThatAreNoObjectsAreLeftOutToo() {
    var good = json(issuer.key().jwk());
    issuer.replace(LocalIssuer.KEYS, says("{\"keys\":[null,1,\"x\",[]," + good + "]}"));
    gatehouse.refresh();
    assertEquals(200, gatehouse.ask(gatehouse.signed()).status());
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
  void aDiscoveryDocumentOfAnotherIssuerIsNotBelieved() {
    issuer.replace(
        LocalIssuer.DISCOVERY,
        says("{\"issuer\":\"%s/\",\"jwks_uri\":\"%s\"}".formatted(issuer.name(), keysUri())));
    assertNoKeys("its discovery document names another issuer");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://keys.example/jwks",
        "ftp://127.0.0.1/",
        "file:///etc/passwd",
        "",
        "jwks.json",
        "https://user@keys.example/",
        "https:///jwks",
        "http://127.0.0.1.evil.example/jwks"
      })
  void keysFromAPlaceThatCantBeTrustedAreNotFetched(String place) {
    issuer.replace(
        LocalIssuer.DISCOVERY,
        says("{\"issuer\":\"%s\",\"jwks_uri\":\"%s\"}".formatted(issuer.name(), place)));
    assertNoKeys("its jwks_uri is neither https nor on its own loopback");
  }

  @Test
  void noRedirectIsFollowed() {
    issuer.replace(
        LocalIssuer.KEYS,
        exchange -> {
          exchange.getResponseHeaders().set("Location", "/elsewhere");
          exchange.sendResponseHeaders(302, -1);
        });
    assertNoKeys("HTTP status 302");
    assertEquals(0, issuer.requests("/elsewhere"));
  }

  @Test
  void aSetOverTheLimitIsNotRead() {
    var filler = "x".repeat(IssuerDocuments.LARGEST);
    issuer.replace(LocalIssuer.KEYS, says("{\"keys\":[],\"filler\":\"" + filler + "\"}"));
    gatehouse.refresh();
    assertFalse(gatehouse.issuers.ready());
    assertTrue(problem().startsWith("no answer: "), this::problem);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "not JSON", "[]", "null", "{}", "{\"keys\":{}}", "<html>"})
  void whatIsNoSetOfKeysChangesNothing(String body) {
    gatehouse.refresh();
    issuer.replace(LocalIssuer.KEYS, says(body));
    beat(Duration.ofMinutes(10));
    assertEquals(200, gatehouse.ask(gatehouse.signed()).status());
    assertFalse(problem().isEmpty());
  }

  @Test
  void anIssuerThatNeverEndsItsAnswerHoldsNobodyUp() {
    gatehouse.refresh();
    var token = gatehouse.signed();
    var end = new CountDownLatch(1);
    issuer.replace(LocalIssuer.KEYS, exchange -> drip(exchange, end));
    gatehouse.clock.advance(IssuerKeys.FRESH);
    var flight = gatehouse.issuers.refresh();
    assertEquals(200, gatehouse.ask(token).status());
    assertFalse(flight.isDone());
    flight.join();
    end.countDown();
    assertEquals("no answer in time", problem());
  }

  private void assertNoKeys(String problem) {
    gatehouse.refresh();
    assertFalse(gatehouse.issuers.ready());
    assertEquals(problem, problem());
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

  private String unknown() {
    return gatehouse.token().header("kid", "unknown").signedBy(Pairs.RSA);
  }

  private String problem() {
    return gatehouse.issuers.status().getFirst().problem().orElse("");
  }

  private String keysUri() {
    return issuer.name() + LocalIssuer.KEYS;
  }

  private static String json(Map<String, Object> jwk) {
    return new LocalToken(Map.of(), jwk).claimsJson();
  }

  private static HttpHandler says(String body) {
    return exchange -> LocalIssuer.send(exchange, 200, "application/json", body);
  }

  /** Sends a beginning, and then nothing more until the end. */
  private static void drip(HttpExchange exchange, CountDownLatch end) throws IOException {
    exchange.sendResponseHeaders(200, 100);
    exchange.getResponseBody().write('{');
    exchange.getResponseBody().flush();
    try {
      end.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
