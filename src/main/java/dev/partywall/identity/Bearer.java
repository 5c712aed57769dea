package dev.partywall.identity;

import dev.partywall.http.Headers;

/** Reads the token from the {@code Authorization: Bearer …} field, the only accepted location. */
final class Bearer {
  private static final String SCHEME = "Bearer ";

  private Bearer() {}

  /**
   * Returns the unchecked text after the scheme (RFC 6750, section 2.1).
   *
   * @throws RejectedToken if the request has no bearer token, or several Authorization fields
   */
  static String in(Headers headers) {
    String value = null;
    for (var field : headers.fields()) {
      if (field.name().equalsIgnoreCase("Authorization")) {
        if (value != null) {
          throw new RejectedToken(Rejection.SEVERAL_AUTHORIZATIONS);
        }
        value = field.value();
      }
    }
    if (value == null || !value.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      throw new RejectedToken(Rejection.NO_BEARER);
    }
    return value.substring(SCHEME.length());
  }
}
