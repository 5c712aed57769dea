package dev.partywall.identity;

import dev.partywall.http.Body;
import dev.partywall.http.Filter;
import dev.partywall.http.Handler;
import dev.partywall.http.Headers;
import dev.partywall.http.Match;
import dev.partywall.http.Request;
import dev.partywall.http.RequestTarget;
import dev.partywall.http.Response;
import dev.partywall.http.Route;
import dev.partywall.local.LocalOidcIssuer;
import dev.partywall.local.LocalToken;
import dev.partywall.tenancy.BindTenant;
import dev.partywall.tenancy.RequestScope;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/** A real issuer and the filters that authenticate its tokens, with a manual clock. */
final class AuthenticationFixture implements AutoCloseable {
  static final TokenPolicy POLICY =
      new TokenPolicy(
          Set.of(LocalOidcIssuer.AUDIENCE, "orders-api"),
          List.of("tenant_id", "custom:tenant_id"),
          List.of("tenant_tier", "custom:tenant_tier"),
          Duration.ofDays(1),
          Optional.of("orders.example.com"));

  private static final RequestScope.Ids IDS =
      new RequestScope.Ids("r", "0".repeat(32), "0".repeat(16));

  final ManualClock clock = new ManualClock();
  final LocalOidcIssuer issuer;
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
    this(Duration.ofMinutes(1));
  }

  /** Creates a fixture with the given timeout for issuer documents. */
  AuthenticationFixture(Duration documentTimeout) {
    try {
      issuer = LocalOidcIssuer.start(0, clock, KeyPairs.ISSUER);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    issuers = new TrustedIssuers(List.of(new Issuer(issuer.name())), clock, documentTimeout);
    verifier = new TokenVerifier(POLICY, issuers);
    authenticate = new Authenticate(POLICY, issuers, clock, new RecordingListener());
  }

  /** Creates a fixture and fetches the keys of its issuer. */
  static AuthenticationFixture withKeys() {
    var gatehouse = new AuthenticationFixture();
    gatehouse.refresh();
    return gatehouse;
  }

  /** Fetches the keys if due, and waits for completion. */
  void refresh() {
    issuers.refresh().join();
  }

  /** Returns a valid token of Alice at Acme, unsigned. */
  LocalToken token() {
    return issuer.token("acme", "alice", "orders:read orders:write");
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

  Response send(Match match, Headers headers, Handler handler) {
    var request = Request.of("GET", RequestTarget.ROOT, headers, Body.NONE).with(match);
    return Filter.chain(filters(), handler).handle(request);
  }

  /** Returns the filters in the order of the real filter chain, outermost first. */
  List<Filter> filters() {
    Filter scope = (request, next) -> new RequestScope(IDS).call(() -> next.handle(request));
    return List.of(scope, authenticate, new BindTenant(), new Authorize());
  }

  @Override
  public void close() {
    issuers.close();
    issuer.close();
  }
}
