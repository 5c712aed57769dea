package dev.partywall.orders;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.http.Headers;
import java.util.Optional;

/**
 * The preconditions of a request on an order's version (RFC 9110, section 13.2.2). An order's
 * entity tag is strong and derived from its version.
 */
record Preconditions(Optional<EntityTags> ifMatch, Optional<EntityTags> ifNoneMatch) {
  /**
   * Reads the preconditions from the headers.
   *
   * @throws ApiException with {@link ApiError.Malformed}
   */
  static Preconditions of(Headers headers) {
    return new Preconditions(
        headers.joined("If-Match").map(EntityTags::parse),
        headers.joined("If-None-Match").map(EntityTags::parse));
  }

  static String etag(Order order) {
    return "\"" + order.version() + "\"";
  }

  /**
   * Requires If-Match, which prevents lost updates.
   *
   * @throws ApiException with {@link ApiError.PreconditionRequired}
   */
  void requireIfMatch() {
    if (ifMatch.isEmpty()) {
      throw new ApiException(new ApiError.PreconditionRequired());
    }
  }

  /**
   * Checks that this version may be changed.
   *
   * @throws ApiException with {@link ApiError.PreconditionFailed}
   */
  void checkChange(Order order) {
    var etag = etag(order);
    if (ifMatch.filter(tags -> !tags.matchStrongly(etag)).isPresent()
        || ifNoneMatch.filter(tags -> tags.matchWeakly(etag)).isPresent()) {
      throw new ApiException(new ApiError.PreconditionFailed());
    }
  }

  /**
   * Returns whether the caller already has this version.
   *
   * @throws ApiException with {@link ApiError.PreconditionFailed} when If-Match requires another
   *     version
   */
  boolean isUnchanged(Order order) {
    var etag = etag(order);
    if (ifMatch.filter(tags -> !tags.matchStrongly(etag)).isPresent()) {
      throw new ApiException(new ApiError.PreconditionFailed());
    }
    return ifNoneMatch.filter(tags -> tags.matchWeakly(etag)).isPresent();
  }
}
