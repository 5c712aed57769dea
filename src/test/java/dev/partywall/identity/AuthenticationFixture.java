package dev.partywall.identity;

import static dev.partywall.concurrent.Latches.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.error.TokenRejection;
import dev.partywall.http.Body;
import dev.partywall.http.Filter;
import dev.partywall.http.Handler;
import dev.partywall.http.Headers;
import dev.partywall.http.Match;
import dev.partywall.http.Request;
import dev.partywall.http.RequestTarget;
import dev.partywall.http.Response;
import dev.partywall.http.Route;
import dev.partywall.identity.Issuer.Callers;
import dev.partywall.local.LocalOidcIssuer;
import dev.partywall.local.LocalToken;
import dev.partywall.tenancy.BindTenant;
import dev.partywall.tenancy.Identity;
import dev.partywall.tenancy.RequestGenerations;
import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TestExecution;
import dev.partywall.tenancy.admission.UnauthenticatedLimit;
import java.io.IOException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/**
 * Real issuers of users and of operators, and the filters that authenticate their tokens, with a
 * manual clock.
 */
final class AuthenticationFixture implements AutoCloseable {
  static final String OPERATOR_AUDIENCE = "orders-operators";
  static final FetchTimes TIMES = new FetchTimes(Duration.ofMinutes(1), Duration.ofSeconds(2));
  static final TokenPolicy POLICY =
      new TokenPolicy(
          Set.of(LocalOidcIssuer.AUDIENCE, "orders-api"),
          Set.of(OPERATOR_AUDIENCE),
          List.of("tenant_id", "custom:tenant_id"),
          List.of("tenant_tier", "custom:tenant_tier"),
          Duration.ofDays(1),
          Optional.of("orders.example.com"));

  final ManualClock clock = new ManualClock();
  final LocalOidcIssuer issuer;
  final LocalOidcIssuer operatorIssuer;
  final TrustedIssuers issuers;
  final TokenVerifier verifier;
  final Authenticate authenticate;
  final List<String> cacheLookups = new CopyOnWriteArrayList<>();

  /** Records cache lookups. */
  private final class RecordingListener implements TokenListener {
    @Override
    public void hit() {
      cacheLookups.add("hit");
    }

    @Override
    public void miss() {
      cacheLookups.add("miss");
    }
  }

  AuthenticationFixture() {
    this(TIMES);
  }

  /** Creates a fixture with the given timeout for issuer documents. */
  static AuthenticationFixture withDocumentTimeout(Duration timeout) {
    return new AuthenticationFixture(new FetchTimes(timeout, TIMES.unknownIdInterval()));
  }

  /** Creates a fixture that fetches the keys at once for each unknown key id. */
  static AuthenticationFixture withoutPauses() {
    return new AuthenticationFixture(new FetchTimes(TIMES.document(), Duration.ZERO));
  }

  private AuthenticationFixture(FetchTimes times) {
    try {
      issuer = LocalOidcIssuer.start(0, clock, KeyPairs.ISSUER);
      operatorIssuer = LocalOidcIssuer.start(0, clock, KeyPairs.OPERATORS);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    issuers =
        new TrustedIssuers(
            List.of(
                new Issuer(issuer.name(), Callers.TENANT_USERS),
                new Issuer(operatorIssuer.name(), Callers.OPERATORS)),
            clock,
            times);
    verifier = new TokenVerifier(POLICY, issuers, new UnauthenticatedLimit(1_000, 0));
    authenticate =
        new Authenticate(
            POLICY, issuers, new UnauthenticatedLimit(1_000, 0), clock, new RecordingListener());
  }

  /** Creates a fixture and fetches the keys of its issuers. */
  static AuthenticationFixture withKeys() {
    var fixture = new AuthenticationFixture();
    fixture.refresh();
    return fixture;
  }

  /** Fetches the keys if due, and waits for completion. */
  void refresh() {
    issuers.refresh().join();
  }

  /** Returns a valid token of Alice at Acme, unsigned. */
  LocalToken token() {
    return issuer.token("acme", "alice", "orders:read orders:write");
  }

  /** Returns a valid token of the operator Olga, unsigned. */
  LocalToken operatorToken(String scope) {
    return operatorIssuer
        .token("none", "olga", scope)
        .withoutClaim("tenant_id")
        .claim("client_id", OPERATOR_AUDIENCE);
  }

  String signedToken() {
    return token().signedBy(issuer.key());
  }

  VerifiedToken verify(String token) {
    return verifier.verify(token, clock.millis());
  }

  /** Sends a request with these header fields to the route. */
  Response send(Route route, Map<String, String> headers) {
    var fields = Headers.NONE;
    for (var header : headers.entrySet()) {
      fields = fields.with(header.getKey(), header.getValue());
    }
    return send(new Match.Found(route, Map.of()), fields, route.handler());
  }

  /** Sends the token to a route that requires {@code orders:read}. */
  Response send(String token) {
    var route = Route.of("GET", "/orders", "orders:read", _ -> Response.of(200));
    return send(route, Map.of("Host", "127.0.0.1:8080", "Authorization", "Bearer " + token));
  }

  /** Sends the token as {@link #send(String)} does, and asserts that it is rejected. */
  void assertRejected(TokenRejection reason, String token) {
    var rejection = assertThrows(ApiException.class, () -> send(token));
    assertEquals(new ApiError.Unauthenticated(reason), rejection.error());
  }

  /** Sends the token, and asserts that the caller is asked to repeat the request later. */
  void assertUnavailable(String token) {
    var rejection = assertThrows(ApiException.class, () -> send(token));
    assertEquals(
        new ApiError.Unavailable("Tokens cannot be verified at the moment.", Duration.ofSeconds(5)),
        rejection.error());
  }

  /** Makes the issuer send only the start of this document until {@code end}. */
  void stall(String document, CountDownLatch end) {
    issuer.replaceResponse(
        document,
        exchange -> {
          exchange.sendResponseHeaders(200, 100);
          exchange.getResponseBody().write('{');
          exchange.getResponseBody().flush();
          await(end);
        });
  }

  Response send(Match match, Headers headers, Handler handler) {
    return Filter.chain(filters(), handler).handle(request(match, headers));
  }

  static Request request(Match match, Headers headers) {
    return Request.of("GET", RequestTarget.ROOT, headers, Body.NONE).with(match);
  }

  /** Returns the filters in the order of the real filter chain, outermost first. */
  List<Filter> filters() {
    Filter scope = (request, next) -> TestExecution.create().call(() -> next.handle(request));
    return List.of(
        scope,
        authenticate,
        new BindTenant(
            user -> new Tenant(user.tenant(), user.tier(), Optional.empty()),
            new RequestGenerations(System::nanoTime)),
        new Authorize());
  }

  @Override
  public void close() {
    issuers.close();
    issuer.close();
    operatorIssuer.close();
  }

  /** Returns the origin of a token that the issuer of tenants' users issues now. */
  Identity.Origin origin() {
    var now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    return new Identity.Origin(issuer.name(), OptionalLong.of(now.toEpochMilli()));
  }
}
