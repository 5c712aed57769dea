package dev.partywall.identity;

import dev.partywall.concurrent.TwoGenerationCache;
import dev.partywall.error.ApiError;
import dev.partywall.error.ApiError.Forbidden.Reason;
import dev.partywall.error.ApiException;
import dev.partywall.error.TokenRejection;
import dev.partywall.http.Filter;
import dev.partywall.http.Handler;
import dev.partywall.http.Headers;
import dev.partywall.http.Request;
import dev.partywall.http.Response;
import dev.partywall.http.Sha256;
import dev.partywall.tenancy.BearerToken;
import dev.partywall.tenancy.Execution;
import dev.partywall.tenancy.Identity;
import dev.partywall.tenancy.admission.UnauthenticatedLimit;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;

/**
 * A filter that authenticates requests by bearer token. A request to an open route passes with any
 * token or none, and has no identity. A request for an unknown path requires a token. The reason
 * for rejecting a token is never sent to the client: it is only for the audit log and metrics.
 */
public final class Authenticate implements Filter {
  /** The maximum number of cached tokens. The cache never drops the half that was used last. */
  static final int MAX_CACHED_TOKENS = 40_000;

  private static final String AUTHORIZATION = "Authorization";
  private static final String SCHEME = "Bearer ";

  private final TokenVerifier verifier;
  private final TenantHost hosts;
  private final InstantSource clock;
  private final TokenListener listener;
  private final TwoGenerationCache<Fingerprint, VerifiedToken> cache =
      new TwoGenerationCache<>(MAX_CACHED_TOKENS);

  /**
   * The SHA-256 of a token. It is the key of the token cache: no token stays in memory longer than
   * its request.
   */
  record Fingerprint(long a, long b, long c, long d) {
    static Fingerprint of(String token) {
      // A non-ASCII character becomes '?', which no valid token contains.
      var digest = ByteBuffer.wrap(Sha256.of(token.getBytes(StandardCharsets.US_ASCII)));
      return new Fingerprint(
          digest.getLong(), digest.getLong(), digest.getLong(), digest.getLong());
    }

    @Override
    public int hashCode() {
      return (int) a; // as well distributed as a combination of the four
    }
  }

  /**
   * Accepts tokens of these issuers that satisfy {@code policy}.
   *
   * @param signatureChecks limits the checks of signatures, for tokens that are not cached
   */
  public Authenticate(
      TokenPolicy policy,
      TrustedIssuers issuers,
      UnauthenticatedLimit signatureChecks,
      InstantSource clock,
      TokenListener listener) {
    this.verifier = new TokenVerifier(policy, issuers, signatureChecks);
    this.hosts = new TenantHost(policy.tenantDomain());
    this.clock = clock;
    this.listener = listener;
  }

  @Override
  public Response filter(Request request, Handler next) {
    if (request.match().isOpen()) {
      return next.handle(request);
    }
    var token = authenticated(request);
    requireHost(request, token.identity());
    return next.handle(withCaller(request, token));
  }

  private static Request withCaller(Request request, VerifiedToken token) {
    var subject = token.identity().subject();
    return switch (token.identity()) {
      case Identity.TenantUser _ -> request.withSubject(subject);
      case Identity.Operator _ -> request.withOperator(subject, token.issuer().issuer().name());
    };
  }

  private VerifiedToken authenticated(Request request) {
    try {
      var text = bearerToken(request.headers());
      var token = verify(text);
      execution().setIdentity(token.identity());
      execution().setToken(new BearerToken(text));
      return token;
    } catch (TokenRejectedException e) {
      throw new ApiException(new ApiError.Unauthenticated(e.reason()), e);
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

  /**
   * Returns the unchecked token of the {@code Authorization: Bearer …} field (RFC 6750, section
   * 2.1), the only accepted location.
   */
  private static String bearerToken(Headers headers) {
    if (headers.isRepeated(AUTHORIZATION)) {
      throw new TokenRejectedException(TokenRejection.MULTIPLE_AUTHORIZATION_FIELDS);
    }
    var value = headers.first(AUTHORIZATION).orElse("");
    if (!value.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      throw new TokenRejectedException(TokenRejection.NO_BEARER);
    }
    return withoutLeadingSpaces(value.substring(SCHEME.length()));
  }

  /** The scheme is followed by one space or more (RFC 9110, section 11.4). */
  private static String withoutLeadingSpaces(String text) {
    var start = 0;
    while (start < text.length() && text.charAt(start) == ' ') {
      start++;
    }
    return text.substring(start);
  }

  private void requireHost(Request request, Identity identity) {
    var host = request.headers().first("Host").orElse("");
    if (!hosts.allows(host, identity)) {
      throw new ApiException(new ApiError.Forbidden(Reason.TENANT_MISMATCH));
    }
  }

  private static Execution execution() {
    return Execution.current()
        .orElseThrow(() -> new IllegalStateException("no execution is bound to this thread"));
  }

  /**
   * Compares the tenant in the host name with the tenant of the token. {@code
   * acme.orders.example.com} names {@code acme} under the domain {@code orders.example.com}. A host
   * never determines the tenant; it can only contradict the token.
   */
  static final class TenantHost {
    private final Optional<String> suffix;

    /** Compares hosts under this domain; an empty domain allows every host. */
    TenantHost(Optional<String> domain) {
      suffix =
          domain.map(TenantHost::normalized).map(name -> name.startsWith(".") ? name : "." + name);
    }

    /**
     * Returns whether the host (RFC 9110, section 7.2) is allowed for this identity. An operator
     * belongs to no tenant, and must not use a host that names one.
     */
    boolean allows(String host, Identity identity) {
      if (suffix.isEmpty()) {
        return true;
      }
      var name = normalized(withoutPort(host));
      return !name.endsWith(suffix.get())
          || (identity instanceof Identity.TenantUser user
              && name.equals(user.tenant().value() + suffix.get()));
    }

    private static String withoutPort(String host) {
      var colon = host.lastIndexOf(':');
      return colon > host.lastIndexOf(']') ? host.substring(0, colon) : host;
    }

    /** Host names are case-insensitive, and may end with the dot of the root domain. */
    private static String normalized(String name) {
      var lower = name.toLowerCase(Locale.ROOT);
      return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }
  }
}
