package dev.partywall.operations.transfer;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.http.Headers;
import java.util.regex.Pattern;

/** The SHA-256 in the header {@code Content-Digest} (RFC 9530, section 2). */
final class ContentDigest {
  private static final Pattern SHA_256 =
      Pattern.compile("(?:^|,)[ \t]*sha-256=:([A-Za-z0-9+/]{43}=):[ \t]*(?=,|;|$)");

  private ContentDigest() {}

  /**
   * Returns the hash in base64. Hashes of other algorithms are ignored.
   *
   * @throws ApiException as {@link ApiError.BadRequest} if the header has none
   */
  static String sha256(Headers headers) {
    var match = SHA_256.matcher(String.join(", ", headers.all("Content-Digest")));
    if (!match.find()) {
      throw new ApiException(
          new ApiError.BadRequest(
              "digest-required", "Content-Digest must contain sha-256=:…: of the body."));
    }
    return match.group(1);
  }

  static ApiException mismatch() {
    return new ApiException(
        new ApiError.BadRequest(
            "digest-mismatch", "The body does not have the hash in Content-Digest."));
  }
}
