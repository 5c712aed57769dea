package dev.partywall.error;

import java.util.Locale;

/**
 * The reason of a 401, for the audit log and metrics. Clients never see it: it would help an
 * attacker to find a valid token step by step. RFC 6750, section 3.1 has one code for all reasons.
 */
public enum TokenRejection {
  // Before parsing.
  /** The request has no bearer token. */
  NO_BEARER,
  MULTIPLE_AUTHORIZATION_FIELDS,
  TOO_LONG,
  NOT_THREE_PARTS,
  NOT_BASE64URL,
  NOT_CANONICAL,

  // The header.
  HEADER_NOT_JSON,
  FORBIDDEN_HEADER,
  TYPE,
  ALGORITHM,
  KEY_ID,

  // The issuer and the signature.
  CLAIMS_NOT_JSON,
  ISSUER,
  UNKNOWN_KEY,
  KEY_MISMATCH,
  SIGNATURE,

  // The claims.
  CLAIM_TYPE,
  NOT_A_DATE,
  NO_EXPIRY,
  EXPIRED,
  NOT_YET_VALID,
  ISSUED_IN_FUTURE,
  LIFETIME_TOO_LONG,
  AUDIENCE,
  TOKEN_USE,
  SUBJECT,
  NO_TENANT,
  MALFORMED_TENANT,
  CONFLICTING_TENANTS,
  OPERATOR_WITH_TENANT,
  MALFORMED_TIER,
  CONFLICTING_TIERS,

  // The registered tenant.
  /** The issuer must not assert the tenant. */
  ISSUER_OF_OTHER_TENANTS,
  /** The token was issued before the tenant was registered again. */
  EARLIER_INCARNATION;

  /** Returns the code in the audit log and in metrics, such as {@code unknown-key}. */
  public String code() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
