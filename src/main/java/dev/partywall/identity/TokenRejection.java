package dev.partywall.identity;

/**
 * The check that a token failed, for logs and tests. Clients never see it: it would help an
 * attacker to find a valid token step by step. RFC 6750, section 3.1 has one code for all failures.
 */
enum TokenRejection {
  // Before parsing.
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
  CONFLICTING_TIERS
}
