package dev.partywall.orders;

import dev.partywall.http.Refusal;
import dev.partywall.http.Refused;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What {@code If-Match} and {@code If-None-Match} hold: any, or a list of entity tags (RFC 9110,
 * sections 8.8.3 and 13.1).
 *
 * @param any whether it was {@code *}
 */
record EntityTags(boolean any, List<Tag> tags) {
  private static final Pattern NEXT =
      Pattern.compile("[ \t,]*(W/)?(\"[!#-~\u0080-\u00ff]*\")[ \t]*(?:,[ \t,]*|$)");

  /** One of them; {@code opaque} with its quotes. */
  record Tag(boolean weak, String opaque) {}

  /**
   * Reads a field's value.
   *
   * @throws Refused as {@link Refusal.Malformed}
   */
  static EntityTags parse(String value) {
    if (value.strip().equals("*")) {
      return new EntityTags(true, List.of());
    }
    var tags = new ArrayList<Tag>();
    var matcher = NEXT.matcher(value);
    int at = 0;
    while (at < value.length() && matcher.region(at, value.length()).lookingAt()) {
      tags.add(new Tag(matcher.group(1) != null, matcher.group(2)));
      at = matcher.end();
    }
    if (tags.isEmpty() || at < value.length()) {
      throw new Refused(new Refusal.Malformed("not a list of entity tags"));
    }
    return new EntityTags(false, List.copyOf(tags));
  }

  /** For changes: a weak tag never matches. */
  boolean matchStrongly(String etag) {
    return any || tags.contains(new Tag(false, etag));
  }

  /** For reading. */
  boolean matchWeakly(String etag) {
    return any || tags.stream().anyMatch(tag -> tag.opaque().equals(etag));
  }
}
