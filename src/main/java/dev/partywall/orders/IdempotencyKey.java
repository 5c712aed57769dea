package dev.partywall.orders;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.http.Headers;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Parses the Idempotency-Key header (draft-ietf-httpapi-idempotency-key-header-08): an RFC 9651
 * string, or the same without quotes.
 */
final class IdempotencyKey {
  private static final String FIELD = "Idempotency-Key";
  private static final Pattern STRING = Pattern.compile("\"((?:[ !#-\\[\\]-~]|\\\\[\"\\\\])*+)\"");
  private static final Pattern BARE = Pattern.compile("[!-~&&[^\",\\\\]]*+");
  private static final int MAX_LENGTH = 255;

  private IdempotencyKey() {}

  /**
   * Returns the key; empty if the header is absent.
   *
   * @throws ApiException with {@link ApiError.Malformed}
   */
  static Optional<String> of(Headers headers) {
    var values = headers.all(FIELD);
    if (values.size() > 1) {
      throw malformed();
    }
    return values.stream().findFirst().map(value -> key(value.strip()));
  }

  private static String key(String value) {
    var string = STRING.matcher(value);
    if (!string.matches() && !BARE.matcher(value).matches()) {
      throw malformed();
    }
    var key = string.matches() ? string.group(1).replaceAll("\\\\(.)", "$1") : value;
    if (key.isEmpty() || key.length() > MAX_LENGTH) {
      throw malformed();
    }
    return key;
  }

  private static ApiException malformed() {
    return new ApiException(
        new ApiError.Malformed(
            FIELD
                + " must be a single string of 1 to "
                + MAX_LENGTH
                + " visible ASCII characters."));
  }
}
