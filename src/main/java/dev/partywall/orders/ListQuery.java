package dev.partywall.orders;

import dev.partywall.http.Refusal;
import dev.partywall.http.Refused;
import dev.partywall.http.Request;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which orders are asked for.
 *
 * @param after the order behind which the list goes on
 */
record ListQuery(
    Optional<OrderStatus> status, Optional<String> user, int limit, Optional<String> after) {
  private static final Pattern LIMIT = Pattern.compile("[1-9][0-9]?|100");
  private static final int USUAL = 20;

  /**
   * Reads the parameters; {@code user=me} is who asks.
   *
   * @throws Refused as {@link Refusal.Malformed} when one does not hold or is given twice
   */
  static ListQuery of(Request request) {
    var status = request.query("status").map(ListQuery::status);
    var user = request.query("user").map(name -> user(name, request));
    var limit = request.query("limit").map(ListQuery::limit).orElse(USUAL);
    var after =
        request.query("cursor").map(cursor -> new Cursor(filters(status, user)).read(cursor));
    return new ListQuery(status, user, limit, after);
  }

  /** A cursor that goes on behind that order, with these filters. */
  String cursor(String id) {
    return new Cursor(filters(status, user)).write(id);
  }

  /** The limit is not one of them: it may change from page to page. */
  private static List<String> filters(Optional<OrderStatus> status, Optional<String> user) {
    return List.of(
        status.map(OrderStatus::word).orElse(""), user.map(name -> "=" + name).orElse(""));
  }

  private static OrderStatus status(String word) {
    return OrderStatus.of(word)
        .orElseThrow(() -> malformed("status is placed, paid, shipped, delivered or cancelled"));
  }

  private static String user(String name, Request request) {
    if (name.isEmpty()) {
      throw malformed("user is the name of a user, or me");
    }
    return name.equals("me") ? request.caller().name() : name;
  }

  private static int limit(String number) {
    if (!LIMIT.matcher(number).matches()) {
      throw malformed("limit is a number from 1 to 100");
    }
    return Integer.parseInt(number);
  }

  private static Refused malformed(String detail) {
    return new Refused(new Refusal.Malformed(detail));
  }
}
