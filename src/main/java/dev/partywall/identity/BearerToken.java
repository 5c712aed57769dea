package dev.partywall.identity;

import dev.partywall.http.Headers;

/** Reads the token from the {@code Authorization: Bearer …} field, the only accepted location. */
final class BearerToken {
  private static final String SCHEME = "Bearer ";

  private BearerToken() {}

  /**
   * Returns the unchecked text after the scheme (RFC 6750, section 2.1).
   *
   * @throws TokenRejectedException if the request has no bearer token, or several Authorization
   *     fields
   */
  static String from(Headers headers) {
    String value = null;
    for (var field : headers.fields()) {
      if (field.name().equalsIgnoreCase("Authorization")) {
        if (value != null) {
          throw new TokenRejectedException(TokenRejection.MULTIPLE_AUTHORIZATION_FIELDS);
        }
        value = field.value();
      }
    }
    if (value == null || !value.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      throw new TokenRejectedException(TokenRejection.NO_BEARER);
    }
    return value.substring(SCHEME.length());
  }
}
