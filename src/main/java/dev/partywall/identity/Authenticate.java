package dev.partywall.identity;

import dev.partywall.http.Filter;
import dev.partywall.http.Handler;
import dev.partywall.http.Refusal;
import dev.partywall.http.Refusal.Forbidden.Reason;
import dev.partywall.http.Refused;
import dev.partywall.http.Request;
import dev.partywall.http.Response;
import dev.partywall.tenancy.RequestScope;
import java.time.InstantSource;

/**
 * Lets in who bears a token that holds, and notes who that is. A request to an open route passes
 * with any token or none, and is nobody's. One to a path that does not exist needs a token like any
 * other. Why a token is refused stays inside: it is the refusal's cause.
 */
public final class Authenticate implements Filter {
  /** How many tokens are remembered: at least so many, at most twice as many. */
  static final int REMEMBERED = 20_000;

  private final TokenVerifier verifier;
  private final TenantHost hosts;
  private final InstantSource clock;
  private final TokenListener listener;
  private final VerifiedTokens remembered = new VerifiedTokens(REMEMBERED);

  /** Takes tokens of these issuers that say what {@code trust} asks for. */
  public Authenticate(Trust trust, Issuers issuers, InstantSource clock, TokenListener listener) {
    this.verifier = new TokenVerifier(trust, issuers);
    this.hosts = new TenantHost(trust.tenantDomain());
    this.clock = clock;
    this.listener = listener;
  }

  @Override
  public Response filter(Request request, Handler next) {
    if (request.match().isOpen()) {
      return next.handle(request);
    }
    var token = verified(request);
    scope().identify(token.caller());
    requireHost(request, token);
    return next.handle(request.with(token.principal()));
  }

  private VerifiedToken verified(Request request) {
    try {
      return verified(Bearer.in(request.headers()));
    } catch (RejectedToken e) {
      var given = e.reason() != Rejection.NO_BEARER;
      throw new Refused(new Refusal.Unauthenticated(given), e);
    }
  }

  /** What the token says; a token that is known already is not judged again. */
  VerifiedToken verified(String token) {
    if (token.length() > CompactToken.LONGEST) {
      throw new RejectedToken(Rejection.TOO_LONG); // before it is hashed
    }
    var now = clock.millis();
    var fingerprint = Fingerprint.of(token);
    var known = remembered.get(fingerprint);
    if (known != null && known.holds(now)) {
      listener.hit();
      return known;
    }
    listener.miss();
    remembered.remove(fingerprint);
    var fresh = verifier.verify(token, now);
    remembered.put(fingerprint, fresh);
    return fresh;
  }

  private void requireHost(Request request, VerifiedToken token) {
    var host = request.headers().first("Host").orElse("");
    if (!hosts.admits(host, token.caller().tenant())) {
      throw new Refused(new Refusal.Forbidden(Reason.TENANT_MISMATCH));
    }
  }

  private static RequestScope scope() {
    return RequestScope.current()
        .orElseThrow(() -> new IllegalStateException("no request is being served here"));
  }
}
