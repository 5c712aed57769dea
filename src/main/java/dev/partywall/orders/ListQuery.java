package dev.partywall.orders;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.http.Cursor;
import dev.partywall.http.Paging;
import dev.partywall.http.Request;
import dev.partywall.storage.Ids;
import java.util.List;
import java.util.Optional;

/** The parameters of a list request. */
record ListQuery(Optional<OrderStatus> status, Optional<String> user, Paging paging) {

  /**
   * Reads the query parameters; {@code user=me} selects the caller.
   *
   * @throws ApiException with {@link ApiError.Malformed} when a parameter is invalid or repeated
   */
  static ListQuery of(Request request) {
    var status = request.query("status").map(ListQuery::status);
    var user = request.query("user").map(name -> user(name, request));
    return new ListQuery(status, user, Paging.of(request, cursors(status, user)));
  }

  /** Returns the cursor for the position after that order, with these filters. */
  String cursor(String id) {
    return cursors(status, user).write(id);
  }

  /** Excludes the limit, which may change from page to page. */
  private static Cursor cursors(Optional<OrderStatus> status, Optional<String> user) {
    var filters =
        List.of(
            status.map(OrderStatus::apiName).orElse(""), user.map(name -> "=" + name).orElse(""));
    return new Cursor(filters, Ids::isValid);
  }

  private static OrderStatus status(String apiName) {
    return OrderStatus.of(apiName)
        .orElseThrow(() ->
            ApiException.invalidParameter(
                "status", "placed, paid, shipped, delivered or cancelled"));
  }

  private static String user(String name, Request request) {
    if (name.isEmpty()) {
      throw ApiException.invalidParameter("user", "a user name or me");
    }
    return name.equals("me") ? request.subject() : name;
  }
}
