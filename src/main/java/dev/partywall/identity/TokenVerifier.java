package dev.partywall.identity;

import dev.partywall.error.TokenRejection;
import dev.partywall.identity.Issuer.Callers;
import dev.partywall.tenancy.Identity;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.admission.UnauthenticatedLimit;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Verifies tokens. The order of the checks matters: no JSON is parsed before the encoding check,
 * and no claim except {@code iss} is read before the signature check. {@code iss} only selects one
 * of the trusted issuers.
 */
final class TokenVerifier {
  private final TokenPolicy policy;
  private final TrustedIssuers issuers;
  private final UnauthenticatedLimit signatureChecks;
  private final IdentityClaims identities;

  TokenVerifier(TokenPolicy policy, TrustedIssuers issuers, UnauthenticatedLimit signatureChecks) {
    this.policy = policy;
    this.issuers = issuers;
    this.signatureChecks = signatureChecks;
    this.identities = new IdentityClaims(policy);
  }

  /**
   * Returns the verified token.
   *
   * @param now in milliseconds since 1970
   * @throws TokenRejectedException if the token is invalid
   * @throws dev.partywall.error.ApiException if the keys of the issuer are not yet available, or if
   *     too many signatures wait for their check
   */
  VerifiedToken verify(String text, long now) {
    var token = CompactToken.parse(text);
    var header = TokenHeader.read(token.headerBytes());
    var claims = Claims.read(token.claimsBytes());
    var issuer = issuer(claims);
    // A wait for the keys of a slow issuer takes no part of the share.
    var candidates = issuer.withId(header.keyId());
    var key = signatureChecks.call(() -> signer(token, header, candidates));
    var lifetime = Lifetime.of(claims, now, policy.maxLifetime());
    var identity = identities.read(claims, issuer.issuer().callers());
    return new VerifiedToken(identity, lifetime, key, issuer);
  }

  private IssuerKeys issuer(Claims claims) {
    return claims
        .text("iss")
        .flatMap(issuers::keysOf)
        .orElseThrow(() -> new TokenRejectedException(TokenRejection.ISSUER));
  }

  private static VerificationKey signer(
      CompactToken token, TokenHeader header, List<VerificationKey> candidates) {
    if (candidates.isEmpty()) {
      throw new TokenRejectedException(TokenRejection.UNKNOWN_KEY);
    }
    return fitting(header, candidates).stream()
        .filter(key -> key.hasSigned(token, header))
        .findFirst()
        .orElseThrow(() -> new TokenRejectedException(TokenRejection.SIGNATURE));
  }

  private static List<VerificationKey> fitting(
      TokenHeader header, List<VerificationKey> candidates) {
    var fitting = candidates.stream().filter(key -> key.supports(header)).toList();
    if (fitting.isEmpty()) {
      throw new TokenRejectedException(TokenRejection.KEY_MISMATCH);
    }
    return fitting;
  }

  /** Checks the audience of a token and reads the identity from its claims. */
  record IdentityClaims(TokenPolicy policy) {
    /** The maximum length of a subject, in characters. */
    static final int MAX_SUBJECT_LENGTH = 1024;

    // The tier becomes a log field and a metric label.
    private static final Pattern TIER = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");
    private static final List<String> GROUP_CLAIMS = List.of("cognito:groups", "groups", "roles");

    /**
     * Returns the identity.
     *
     * @param callers the callers of the issuer that has signed the token
     * @throws TokenRejectedException if a claim is invalid, or the audience is another one
     */
    Identity read(Claims claims, Callers callers) {
      requireAudience(claims, callers);
      requireTokenUse(claims);
      var _ = claims.text("jti"); // unused, but must be a string
      return switch (callers) {
        case TENANT_USERS ->
            new Identity.TenantUser(
                tenant(claims), tier(claims), subject(claims), scopes(claims), origin(claims));
        case OPERATORS -> operator(claims);
      };
    }

    private static Identity.Origin origin(Claims claims) {
      return new Identity.Origin(claims.text("iss").orElseThrow(), claims.date("iat"));
    }

    /** Rejects a token that names a tenant, because an operator belongs to none. */
    private Identity operator(Claims claims) {
      if (policy.tenantClaims().stream().anyMatch(claims::has)) {
        throw new TokenRejectedException(TokenRejection.OPERATOR_WITH_TENANT);
      }
      return new Identity.Operator(subject(claims), scopes(claims));
    }

    /**
     * Amazon Cognito access tokens have no {@code aud}: {@code client_id} is the audience there.
     */
    private void requireAudience(Claims claims, Callers callers) {
      var accepted = callers == Callers.OPERATORS ? policy.operatorAudiences() : policy.audiences();
      var client = claims.text("client_id").map(List::of).orElse(List.of());
      var audiences = claims.has("aud") ? claims.texts("aud") : client;
      if (audiences.stream().noneMatch(accepted::contains)) {
        throw new TokenRejectedException(TokenRejection.AUDIENCE);
      }
    }

    private static void requireTokenUse(Claims claims) {
      var use = claims.text("token_use").orElse("access");
      if (!use.equals("access") && !use.equals("id")) {
        throw new TokenRejectedException(TokenRejection.TOKEN_USE);
      }
    }

    private TenantId tenant(Claims claims) {
      return commonValue(policy.tenantClaims(), claims, TokenRejection.CONFLICTING_TENANTS)
          .map(IdentityClaims::tenantId)
          .orElseThrow(() -> new TokenRejectedException(TokenRejection.NO_TENANT));
    }

    private static TenantId tenantId(String claim) {
      return TenantId.parse(claim)
          .orElseThrow(() -> new TokenRejectedException(TokenRejection.MALFORMED_TENANT));
    }

    private Optional<String> tier(Claims claims) {
      var tier = commonValue(policy.tierClaims(), claims, TokenRejection.CONFLICTING_TIERS);
      if (tier.isPresent() && !TIER.matcher(tier.get()).matches()) {
        throw new TokenRejectedException(TokenRejection.MALFORMED_TIER);
      }
      return tier;
    }

    /** Returns the common value of the named claims, or rejects the token if they differ. */
    private static Optional<String> commonValue(
        List<String> names, Claims claims, TokenRejection rejection) {
      var values = new HashSet<String>();
      names.forEach(name -> claims.text(name).ifPresent(values::add));
      if (values.size() > 1) {
        throw new TokenRejectedException(rejection);
      }
      return values.stream().findFirst();
    }

    /** Accepts any characters: the issuer defines the format of its subjects. */
    private static String subject(Claims claims) {
      var subject = claims.text("sub").orElse("");
      if (subject.isEmpty() || subject.length() > MAX_SUBJECT_LENGTH) {
        throw new TokenRejectedException(TokenRejection.SUBJECT);
      }
      return subject;
    }

    /**
     * Returns the scopes that a token grants: the union of its scopes ({@code scope}, RFC 9068;
     * {@code scp}, Entra) and its groups ({@code cognito:groups}, {@code groups}, {@code roles}).
     */
    private static Set<String> scopes(Claims claims) {
      var granted = new HashSet<String>();
      claims.text("scope").ifPresent(scopes -> addScopes(granted, scopes));
      claims.texts("scp").forEach(scopes -> addScopes(granted, scopes));
      // Group names are not split: their spaces and slashes have no meaning.
      GROUP_CLAIMS.forEach(claim -> granted.addAll(claims.texts(claim)));
      return Set.copyOf(granted);
    }

    /**
     * Adds scopes, separated by single spaces (RFC 6749, section 3.3). A scope that names its
     * resource server ({@code orders-api/orders:read}, {@code api://orders/orders:read}) also
     * grants the scope after the last slash. This is safe because the audience is checked before.
     */
    private static void addScopes(Set<String> granted, String scopes) {
      for (var scope : scopes.split(" ", -1)) {
        if (!scope.isEmpty()) {
          granted.add(scope);
          granted.add(scope.substring(scope.lastIndexOf('/') + 1));
        }
      }
    }
  }
}
