package dev.partywall.identity;

import dev.partywall.http.Headers;

/** The one place of a request that may hold a token: {@code Authorization: Bearer …}. */
final class Bearer {
  private static final String SCHEME = "Bearer ";

  private Bearer() {}

  /**
   * What follows the scheme (RFC 6750, section 2.1), unchecked.
   *
   * @throws RejectedToken where there is no such field, or more than one that could be it
   */
  static String in(Headers headers) {
    String found = null;
    for (var field : headers.fields()) {
      if (field.name().equalsIgnoreCase("Authorization")) {
        if (found != null) {
          throw new RejectedToken(Rejection.SEVERAL_AUTHORIZATIONS);
        }
        found = field.value();
      }
    }
    if (found == null || !found.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      throw new RejectedToken(Rejection.NO_BEARER);
    }
    return found.substring(SCHEME.length());
  }
}
