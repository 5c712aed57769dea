package dev.partywall.identity;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiError.Forbidden.Reason;
import dev.partywall.error.ApiException;
import dev.partywall.http.Filter;
import dev.partywall.http.Handler;
import dev.partywall.http.Request;
import dev.partywall.http.Response;
import dev.partywall.tenancy.RequestScope;
import java.time.InstantSource;

/**
 * A filter that authenticates requests by bearer token. A request to an open route passes with any
 * token or none, and has no identity. A request for an unknown path requires a token. The reason
 * for rejecting a token is never sent to the client: it is only the cause of the exception.
 */
public final class Authenticate implements Filter {
  /** The number of tokens per cache generation. The cache keeps up to twice this number. */
  static final int CACHE_GENERATION_SIZE = 20_000;

  private final TokenVerifier verifier;
  private final TenantHost hosts;
  private final InstantSource clock;
  private final TokenListener listener;
  private final TokenCache cache = new TokenCache(CACHE_GENERATION_SIZE);

  /** Accepts tokens of these issuers that satisfy {@code policy}. */
  public Authenticate(
      TokenPolicy policy, TrustedIssuers issuers, InstantSource clock, TokenListener listener) {
    this.verifier = new TokenVerifier(policy, issuers);
    this.hosts = new TenantHost(policy.tenantDomain());
    this.clock = clock;
    this.listener = listener;
  }

  @Override
  public Response filter(Request request, Handler next) {
    if (request.match().isOpen()) {
      return next.handle(request);
    }
    var token = tokenOf(request);
    scope().identify(token.caller());
    requireHost(request, token);
    return next.handle(request.with(token.principal()));
  }

  private VerifiedToken tokenOf(Request request) {
    try {
      return verify(BearerToken.from(request.headers()));
    } catch (TokenRejectedException e) {
      var hasToken = e.reason() != TokenRejection.NO_BEARER;
      throw new ApiException(new ApiError.Unauthenticated(hasToken), e);
    }
  }

  /** Returns the verified token, from the cache if possible. */
  VerifiedToken verify(String token) {
    if (token.length() > CompactToken.MAX_LENGTH) {
      throw new TokenRejectedException(TokenRejection.TOO_LONG); // before hashing it
    }
    var now = clock.millis();
    var fingerprint = Fingerprint.of(token);
    var cached = cache.get(fingerprint);
    if (cached != null && cached.isValidAt(now)) {
      listener.hit();
      return cached;
    }
    listener.miss();
    cache.remove(fingerprint);
    var fresh = verifier.verify(token, now);
    cache.put(fingerprint, fresh);
    return fresh;
  }

  private void requireHost(Request request, VerifiedToken token) {
    var host = request.headers().first("Host").orElse("");
    if (!hosts.allows(host, token.caller().tenant())) {
      throw new ApiException(new ApiError.Forbidden(Reason.TENANT_MISMATCH));
    }
  }

  private static RequestScope scope() {
    return RequestScope.current()
        .orElseThrow(() -> new IllegalStateException("No request scope is bound to this thread"));
  }
}
