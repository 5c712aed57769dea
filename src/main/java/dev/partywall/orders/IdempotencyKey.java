package dev.partywall.orders;

import dev.partywall.http.Headers;
import dev.partywall.http.Refusal;
import dev.partywall.http.Refused;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The name that a caller gives to what it wants done once
 * (draft-ietf-httpapi-idempotency-key-header-08): a string as in RFC 9651, or the same without its
 * quotes.
 */
final class IdempotencyKey {
  private static final String FIELD = "Idempotency-Key";
  private static final Pattern STRING = Pattern.compile("\"((?:[ !#-\\[\\]-~]|\\\\[\"\\\\])*+)\"");
  private static final Pattern BARE = Pattern.compile("[!-~&&[^\",\\\\]]*+");
  private static final int LONGEST = 255;

  private IdempotencyKey() {}

  /**
   * The key, if there is one.
   *
   * @throws Refused as {@link Refusal.Malformed}
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
    if (key.isEmpty() || key.length() > LONGEST) {
      throw malformed();
    }
    return key;
  }

  private static Refused malformed() {
    return new Refused(
        new Refusal.Malformed(
            FIELD + " is one string of 1 to " + LONGEST + " visible ASCII characters"));
  }
}
