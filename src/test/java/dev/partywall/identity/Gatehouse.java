package dev.partywall.identity;

import dev.partywall.http.Body;
import dev.partywall.http.Filter;
import dev.partywall.http.Handler;
import dev.partywall.http.Headers;
import dev.partywall.http.Match;
import dev.partywall.http.Request;
import dev.partywall.http.Response;
import dev.partywall.http.Route;
import dev.partywall.http.Target;
import dev.partywall.local.LocalIssuer;
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
final class Gatehouse implements AutoCloseable {
  static final Trust TRUST =
      new Trust(
          Set.of(LocalIssuer.AUDIENCE, "orders-api"),
          List.of("tenant_id", "custom:tenant_id"),
          List.of("tenant_tier", "custom:tenant_tier"),
          Duration.ofDays(1),
          Optional.of("orders.example.com"));

  private static final RequestScope.Ids IDS =
      new RequestScope.Ids("r", "0".repeat(32), "0".repeat(16));

  final HandClock clock = new HandClock();
  final LocalIssuer issuer;
  final Issuers issuers;
  final TokenVerifier verifier;
  final Authenticate authenticate;
  final List<String> lookUps = new CopyOnWriteArrayList<>();

  /** Records cache lookups. */
  private final class RecordingListener implements TokenListener {
    @Override
    public void hit() {
      lookUps.add("hit");
    }

    @Override
    public void miss() {
      lookUps.add("miss");
    }
  }

  Gatehouse() {
    this(Duration.ofMinutes(1));
  }

  /** Creates a fixture with the given timeout for issuer documents. */
  Gatehouse(Duration documentTimeout) {
    try {
      issuer = LocalIssuer.start(0, clock, Pairs.ISSUERS);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    issuers = new Issuers(List.of(new Issuer(issuer.name())), clock, documentTimeout);
    verifier = new TokenVerifier(TRUST, issuers);
    authenticate = new Authenticate(TRUST, issuers, clock, new RecordingListener());
  }

  /** Creates a fixture and fetches the keys of its issuer. */
  static Gatehouse open() {
    var gatehouse = new Gatehouse();
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

  String signed() {
    return token().signedBy(issuer.key());
  }

  VerifiedToken verify(String token) {
    return verifier.verify(token, clock.millis());
  }

  /** Sends a request with these header fields to the route. */
  Response ask(Route route, Map<String, String> headers) {
    var fields = Headers.NONE;
    for (var header : headers.entrySet()) {
      fields = fields.with(header.getKey(), header.getValue());
    }
    return ask(new Match.Found(route, Map.of()), fields, route.handler());
  }

  /** Sends the token to a route that requires {@code orders:read}. */
  Response ask(String token) {
    var route = Route.of("GET", "/orders", "orders:read", _ -> Response.of(200));
    return ask(route, Map.of("Host", "127.0.0.1:8080", "Authorization", "Bearer " + token));
  }

  Response ask(Match match, Headers headers, Handler handler) {
    var request = Request.of("GET", Target.ROOT, headers, Body.NONE).with(match);
    return Filter.corridor(doors(), handler).handle(request);
  }

  /** Returns the filters in the order of the real filter chain, outermost first. */
  List<Filter> doors() {
    Filter scope = (request, next) -> new RequestScope(IDS).call(() -> next.handle(request));
    return List.of(scope, authenticate, new BindTenant(), new Authorize());
  }

  @Override
  public void close() {
    issuers.close();
    issuer.close();
  }
}
