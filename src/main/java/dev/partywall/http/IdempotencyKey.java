package dev.partywall.http;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The idempotency key of a request (draft-ietf-httpapi-idempotency-key-header-08): an RFC 9651
 * string, or the same without quotes.
 *
 * @param name a digest of the caller and the key, because keys are scoped to the caller. The digest
 *     contains the incarnation of the tenant as well, from the second one on. For an operator, it
 *     contains the issuer too: operators of different issuers can have the same subject
 * @param fingerprint the digest of the bytes of the request body
 */
public record IdempotencyKey(String name, String fingerprint) {
  private static final String FIELD = "Idempotency-Key";

  /** An RFC 9651 string: visible ASCII characters and spaces. Group 1 is its escaped content. */
  private static final Pattern STRING = Pattern.compile("\"((?:[ !#-\\[\\]-~]|\\\\[\"\\\\])*+)\"");

  /** Visible ASCII characters except those that would separate or quote a value. */
  private static final Pattern BARE = Pattern.compile("[!-~&&[^\",\\\\]]*+");

  private static final int MAX_LENGTH = 255;

  /** The complete digest: two keys must never have the same name. */
  private static final int NAME_BYTES = 32;

  /**
   * Returns the key of a request; empty if the header is absent.
   *
   * @throws ApiException as {@link ApiError.Malformed} if the header is invalid or repeated
   */
  public static Optional<IdempotencyKey> of(Request request) {
    return parse(request.headers())
        .map(key ->
            new IdempotencyKey(
                Sha256.name(scopeOf(request, key), NAME_BYTES),
                Sha256.hex(request.body().bytes())));
  }

  private static List<String> scopeOf(Request request, String key) {
    var caller = request.subject();
    var incarnation = Incarnation.current();
    return request
        .operatorIssuer()
        .map(issuer -> List.of(caller, key, Integer.toString(incarnation), issuer))
        .orElseGet(() -> scopeOf(caller, key, incarnation));
  }

  private static List<String> scopeOf(String user, String key, int incarnation) {
    return incarnation == Incarnation.FIRST
        ? List.of(user, key)
        : List.of(user, key, Integer.toString(incarnation));
  }

  /** Returns the text of the key. */
  static Optional<String> parse(Headers headers) {
    if (headers.isRepeated(FIELD)) {
      throw malformed();
    }
    return headers.first(FIELD).map(value -> parse(value.strip()));
  }

  private static String parse(String value) {
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
