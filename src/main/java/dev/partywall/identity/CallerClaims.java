package dev.partywall.identity;

import dev.partywall.tenancy.Caller;
import dev.partywall.tenancy.TenantId;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Checks the audience of a token and reads the caller from its claims. */
record CallerClaims(TokenPolicy policy) {
  /** The maximum length of a subject, in characters. */
  static final int MAX_SUBJECT_LENGTH = 1024;

  // The tier becomes a log field and a metric label.
  private static final Pattern TIER = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");

  /**
   * Returns the caller.
   *
   * @throws TokenRejectedException if the audience, the subject, the tenant or the tier is invalid
   */
  Caller read(Claims claims) {
    requireAudience(claims);
    requireTokenUse(claims);
    var _ = claims.text("jti"); // unused, but must be a string
    return new Caller(tenant(claims), tier(claims), subject(claims));
  }

  /** Amazon Cognito access tokens have no {@code aud}: {@code client_id} is the audience there. */
  private void requireAudience(Claims claims) {
    var client = claims.text("client_id").map(List::of).orElse(List.of());
    var audiences = claims.has("aud") ? claims.texts("aud") : client;
    if (audiences.stream().noneMatch(policy.audiences()::contains)) {
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
        .map(CallerClaims::tenantId)
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
}
