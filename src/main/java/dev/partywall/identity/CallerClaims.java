package dev.partywall.identity;

import dev.partywall.tenancy.Caller;
import dev.partywall.tenancy.TenantId;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads out of a token's claims for whom it was made, and who bears it. */
record CallerClaims(Trust trust) {
  /** The longest subject, in characters. */
  static final int LONGEST_SUBJECT = 1024;

  // It becomes a field of log lines and a label of metrics.
  private static final Pattern TIER = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");

  /**
   * Who is asking.
   *
   * @throws RejectedToken when the audience, the subject, the tenant or the tier does not hold
   */
  Caller read(Claims claims) {
    requireAudience(claims);
    requireTokenUse(claims);
    var _ = claims.text("jti"); // nothing is done with it, but it has to be a string
    return new Caller(tenant(claims), tier(claims), subject(claims));
  }

  /** Access tokens of Amazon Cognito have no {@code aud}; there, the client stands for it. */
  private void requireAudience(Claims claims) {
    var client = claims.text("client_id").map(List::of).orElse(List.of());
    var audiences = claims.has("aud") ? claims.texts("aud") : client;
    if (audiences.stream().noneMatch(trust.audiences()::contains)) {
      throw new RejectedToken(Rejection.AUDIENCE);
    }
  }

  private static void requireTokenUse(Claims claims) {
    var use = claims.text("token_use").orElse("access");
    if (!use.equals("access") && !use.equals("id")) {
      throw new RejectedToken(Rejection.TOKEN_USE);
    }
  }

  private TenantId tenant(Claims claims) {
    return only(trust.tenantClaims(), claims, Rejection.TENANTS_DISAGREE)
        .map(CallerClaims::tenantId)
        .orElseThrow(() -> new RejectedToken(Rejection.NO_TENANT));
  }

  private static TenantId tenantId(String claim) {
    return TenantId.parse(claim).orElseThrow(() -> new RejectedToken(Rejection.TENANT_FORM));
  }

  private Optional<String> tier(Claims claims) {
    var tier = only(trust.tierClaims(), claims, Rejection.TIERS_DISAGREE);
    if (tier.isPresent() && !TIER.matcher(tier.get()).matches()) {
      throw new RejectedToken(Rejection.TIER_FORM);
    }
    return tier;
  }

  /** What the claims of these names say, which has to be the same. */
  private static Optional<String> only(List<String> names, Claims claims, Rejection otherwise) {
    var said = new HashSet<String>();
    names.forEach(name -> claims.text(name).ifPresent(said::add));
    if (said.size() > 1) {
      throw new RejectedToken(otherwise);
    }
    return said.stream().findFirst();
  }

  /** Any characters: what a subject looks like is the issuer's own affair. */
  private static String subject(Claims claims) {
    var subject = claims.text("sub").orElse("");
    if (subject.isEmpty() || subject.length() > LONGEST_SUBJECT) {
      throw new RejectedToken(Rejection.SUBJECT);
    }
    return subject;
  }
}
