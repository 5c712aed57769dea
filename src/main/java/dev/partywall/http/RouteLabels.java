package dev.partywall.http;

import java.util.Set;

/**
 * A request's method and route as labels for log lines, audit entries and metrics. The values come
 * from a closed set. A client that chooses methods and paths at random therefore cannot create
 * series without limit.
 */
public final class RouteLabels {
  // The methods of RFC 9110 and RFC 5789.
  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH");

  /** The label of requests that match no route. */
  public static final String NONE = "none";

  private RouteLabels() {}

  /**
   * Returns the method, or {@code _OTHER} if no RFC defines it (OpenTelemetry HTTP conventions).
   */
  public static String method(Request request) {
    return METHODS.contains(request.method()) ? request.method() : "_OTHER";
  }

  /** Returns the route template or {@link #NONE}; never the path, which clients choose. */
  public static String template(Request request) {
    return switch (request.match()) {
      case Match.Found found -> found.route().template();
      case Match.WrongMethod wrong -> wrong.template();
      case Match.NoMatch _ -> NONE;
    };
  }
}
