package dev.partywall.http;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The value of {@code If-Match} or {@code If-None-Match}: {@code *}, or a list of entity tags (RFC
 * 9110, sections 8.8.3 and 13.1).
 *
 * @param any whether the value is {@code *}
 */
record EntityTags(boolean any, List<Tag> tags) {
  private static final Pattern NEXT_TAG =
      Pattern.compile("[ \t,]*(W/)?(\"[!#-~\u0080-\u00ff]*\")[ \t]*(?:,[ \t,]*|$)");

  /** An entity tag; {@code opaque} includes the quotes. */
  record Tag(boolean weak, String opaque) {}

  /**
   * Parses a field value.
   *
   * @throws ApiException as {@link ApiError.Malformed} if it is neither {@code *} nor a list of
   *     entity tags
   */
  static EntityTags parse(String value) {
    if (value.strip().equals("*")) {
      return new EntityTags(true, List.of());
    }
    var tags = new ArrayList<Tag>();
    var matcher = NEXT_TAG.matcher(value);
    int position = 0;
    while (position < value.length() && matcher.region(position, value.length()).lookingAt()) {
      tags.add(new Tag(matcher.group(1) != null, matcher.group(2)));
      position = matcher.end();
    }
    if (tags.isEmpty() || position < value.length()) {
      throw new ApiException(
          new ApiError.Malformed("If-Match and If-None-Match must be * or a list of entity tags."));
    }
    return new EntityTags(false, List.copyOf(tags));
  }

  /**
   * Compares strongly, for {@code If-Match}. A weak tag in the list never matches; {@code *} always
   * matches.
   *
   * @param etag the strong entity tag of the current version, with its quotes
   */
  boolean matchesStrongly(String etag) {
    return any || tags.contains(new Tag(false, etag));
  }

  /**
   * Compares weakly, for {@code If-None-Match}. A weak tag in the list matches as a strong one
   * does; {@code *} always matches.
   *
   * @param etag the strong entity tag of the current version, with its quotes
   */
  boolean matchesWeakly(String etag) {
    return any || tags.stream().anyMatch(tag -> tag.opaque().equals(etag));
  }
}
