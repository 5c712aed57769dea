package dev.partywall.observability;

import dev.partywall.http.Match;
import dev.partywall.http.Request;
import java.util.Set;

/** A request's method and route as signals name them: from a closed set of values. */
final class Routes {
  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH");

  /** Stands for the template where nothing matched. */
  static final String NONE = "none";

  private Routes() {}

  /** The method, {@code _OTHER} where no RFC knows it (OpenTelemetry's HTTP conventions). */
  static String method(Request request) {
    return METHODS.contains(request.method()) ? request.method() : "_OTHER";
  }

  /** The route's template, or {@link #NONE}: never the path, which callers choose. */
  static String template(Request request) {
    return switch (request.match()) {
      case Match.Found found -> found.route().template();
      case Match.WrongMethod wrong -> wrong.template();
      case Match.Nothing _ -> NONE;
    };
  }
}
