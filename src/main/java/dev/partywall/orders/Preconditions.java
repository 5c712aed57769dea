package dev.partywall.orders;

import dev.partywall.http.Headers;
import dev.partywall.http.Refusal;
import dev.partywall.http.Refused;
import java.util.Optional;

/**
 * On which version of an order a request insists (RFC 9110, section 13.2.2). An order's entity tag
 * is a strong one, made from its version.
 */
record Preconditions(Optional<EntityTags> ifMatch, Optional<EntityTags> ifNoneMatch) {
  /**
   * Reads them.
   *
   * @throws Refused as {@link Refusal.Malformed}
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
   * A change has to say what it was made from, so that no other change is lost.
   *
   * @throws Refused as {@link Refusal.PreconditionRequired}
   */
  void requireIfMatch() {
    if (ifMatch.isEmpty()) {
      throw new Refused(new Refusal.PreconditionRequired());
    }
  }

  /**
   * Makes sure that a change may be made to this version.
   *
   * @throws Refused as {@link Refusal.PreconditionFailed}
   */
  void checkChange(Order order) {
    var etag = etag(order);
    if (ifMatch.filter(tags -> !tags.matchStrongly(etag)).isPresent()
        || ifNoneMatch.filter(tags -> tags.matchWeakly(etag)).isPresent()) {
      throw new Refused(new Refusal.PreconditionFailed());
    }
  }

  /**
   * Whether a reader has this version already.
   *
   * @throws Refused as {@link Refusal.PreconditionFailed} when it insists on another one
   */
  boolean isUnchanged(Order order) {
    var etag = etag(order);
    if (ifMatch.filter(tags -> !tags.matchStrongly(etag)).isPresent()) {
      throw new Refused(new Refusal.PreconditionFailed());
    }
    return ifNoneMatch.filter(tags -> tags.matchWeakly(etag)).isPresent();
  }
}
