package dev.partywall.http;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The parameters {@code limit} and {@code cursor} of a list.
 *
 * @param limit the maximum number of entries on a page, from 1 to 100
 * @param after the position after which the page starts; empty for the first page
 */
public record Paging(int limit, Optional<String> after) {
  private static final Pattern LIMIT = Pattern.compile("[1-9][0-9]?|100");
  private static final int DEFAULT_LIMIT = 20;

  /**
   * Reads the parameters. The default limit is 20.
   *
   * @param cursors reads the cursors of this list
   * @throws ApiException as {@link ApiError.Malformed} if a parameter is invalid or repeated
   */
  public static Paging of(Request request, Cursor cursors) {
    var limit = request.query("limit").map(Paging::limit).orElse(DEFAULT_LIMIT);
    return new Paging(limit, request.query("cursor").map(cursors::read));
  }

  private static int limit(String number) {
    if (!LIMIT.matcher(number).matches()) {
      throw ApiException.invalidParameter("limit", "a number from 1 to 100");
    }
    return Integer.parseInt(number);
  }
}
