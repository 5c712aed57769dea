package dev.partywall.identity;

/**
 * Which check a token failed. It is for logs and tests: a caller who learned it could feel his way
 * along (RFC 6750, section 3.1 has one code for all of them).
 */
enum Rejection {
  // Before anything is parsed.
  NO_BEARER,
  SEVERAL_AUTHORIZATIONS,
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

  // The signature.
  CLAIMS_NOT_JSON,
  ISSUER,
  UNKNOWN_KEY,
  KEY_MISMATCH,
  SIGNATURE,

  // What it says.
  CLAIM_TYPE,
  NOT_A_DATE,
  NO_EXPIRY,
  EXPIRED,
  NOT_YET,
  ISSUED_IN_FUTURE,
  LIVES_TOO_LONG,
  AUDIENCE,
  TOKEN_USE,
  SUBJECT,
  NO_TENANT,
  TENANT_FORM,
  TENANTS_DISAGREE,
  TIER_FORM,
  TIERS_DISAGREE
}
