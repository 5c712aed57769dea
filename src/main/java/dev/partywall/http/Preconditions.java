package dev.partywall.http;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiError.PreconditionFailed.Condition;
import dev.partywall.error.ApiException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The preconditions of a request on the version of a resource (RFC 9110, section 13.2.2), which the
 * entity tag of the resource identifies.
 */
public final class Preconditions {
  private final Optional<EntityTags> ifMatch;
  private final Optional<EntityTags> ifNoneMatch;

  private Preconditions(Optional<EntityTags> ifMatch, Optional<EntityTags> ifNoneMatch) {
    this.ifMatch = ifMatch;
    this.ifNoneMatch = ifNoneMatch;
  }

  /**
   * Reads the preconditions from the headers.
   *
   * @throws ApiException as {@link ApiError.Malformed} if a value is neither {@code *} nor a list
   *     of entity tags
   */
  public static Preconditions of(Headers headers) {
    return new Preconditions(
        headers.joined("If-Match").map(EntityTags::parse),
        headers.joined("If-None-Match").map(EntityTags::parse));
  }

  /** Returns the strong entity tag of a version in the incarnation of the bound tenant. */
  public static String etag(long version) {
    return etag(Incarnation.current(), version);
  }

  /**
   * Returns the strong entity tag of a version, as the ETag field contains it. From the second
   * incarnation of a tenant on, it begins with the incarnation and a dot.
   */
  public static String etag(int incarnation, long version) {
    return incarnation == Incarnation.FIRST
        ? "\"" + version + "\""
        : "\"" + incarnation + "." + version + "\"";
  }

  /**
   * Requires If-Match, which prevents lost updates.
   *
   * @throws ApiException as {@link ApiError.PreconditionRequired} if the field is absent
   */
  public void requireIfMatch() {
    if (ifMatch.isEmpty()) {
      throw new ApiException(new ApiError.PreconditionRequired());
    }
  }

  /**
   * Checks that this version may be changed.
   *
   * @throws ApiException as {@link ApiError.PreconditionFailed} if If-Match does not match its
   *     entity tag, or If-None-Match matches it
   */
  public void checkChange(long version) {
    checkChange(etag(version));
  }

  /**
   * Checks that the version with this strong entity tag may be changed, like {@link
   * #checkChange(long)}.
   *
   * @param etag the entity tag, with its quotes
   */
  public void checkChange(String etag) {
    if (isUnchanged(etag)) {
      throw failed(Condition.IF_NONE_MATCH);
    }
  }

  /**
   * Returns whether If-None-Match matches the entity tag of this version. In a read, the caller
   * then already has this version.
   *
   * @throws ApiException as {@link ApiError.PreconditionFailed} if If-Match does not match the
   *     entity tag
   */
  public boolean isUnchanged(long version) {
    return isUnchanged(etag(version));
  }

  boolean isUnchanged(String etag) {
    var mismatch = ifMatch.filter(tags -> !tags.matchesStrongly(etag));
    if (mismatch.isPresent()) {
      var weak = mismatch.get().areAllWeak() || mismatch.get().matchesWeakly(etag);
      throw failed(weak ? Condition.IF_MATCH_WEAK : Condition.IF_MATCH);
    }
    return ifNoneMatch.filter(tags -> tags.matchesWeakly(etag)).isPresent();
  }

  private static ApiException failed(Condition condition) {
    return new ApiException(new ApiError.PreconditionFailed(condition));
  }

  /**
   * The value of {@code If-Match} or {@code If-None-Match}: {@code *}, or a list of entity tags
   * (RFC 9110, sections 8.8.3 and 13.1).
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
     * @throws ApiException as {@link ApiError.Malformed} if it is neither
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
            new ApiError.Malformed(
                "If-Match and If-None-Match must be * or a list of entity tags."));
      }
      return new EntityTags(false, List.copyOf(tags));
    }

    /** Strong comparison, for {@code If-Match}: a weak tag never matches, {@code *} always does. */
    boolean matchesStrongly(String etag) {
      return any || tags.contains(new Tag(false, etag));
    }

    boolean areAllWeak() {
      return tags.stream().allMatch(Tag::weak);
    }

    /** Weak comparison, for {@code If-None-Match}. */
    boolean matchesWeakly(String etag) {
      return any || tags.stream().anyMatch(tag -> tag.opaque().equals(etag));
    }
  }
}
