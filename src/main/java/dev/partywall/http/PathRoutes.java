package dev.partywall.http;

import dev.partywall.http.Route.RequiredToken;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The routes of one path, by method. */
final class PathRoutes {
  private final Map<String, RouteMatcher> matchers = new HashMap<>();
  private final Set<String> methods = new TreeSet<>();
  private final Set<String> methodsView = Collections.unmodifiableSet(methods);
  private final String template;
  private final Set<RequiredToken> requiredTokens = EnumSet.noneOf(RequiredToken.class);

  PathRoutes(String template) {
    this.template = template;
    put("OPTIONS", options());
  }

  void add(Route route) {
    put(route.method(), route);
    requiredTokens.add(route.access().requiredToken());
    if (route.method().equals("GET")) {
      put("HEAD", route);
    }
  }

  private void put(String method, Route route) {
    if (matchers.putIfAbsent(method, new RouteMatcher(route)) != null) {
      throw new IllegalArgumentException("duplicate route: " + method + " " + route.template());
    }
    methods.add(method);
  }

  Match match(String method, List<String> segments) {
    var matcher = matchers.get(method);
    return matcher == null
        ? new Match.WrongMethod(template, methodsView, requiredToken())
        : matcher.match(segments);
  }

  /**
   * Returns the token for a wrong method: any, if the routes of the path require different ones.
   */
  private RequiredToken requiredToken() {
    return requiredTokens.size() == 1 ? requiredTokens.iterator().next() : RequiredToken.ANY;
  }

  /** Returns the OPTIONS route. It is open, because its response reveals no more than a 405. */
  private Route options() {
    return Route.open(
        "OPTIONS", template, _ -> Response.of(204).with("Allow", String.join(", ", methods)));
  }

  /** Extracts a route's parameters from the segments of a path. */
  private static final class RouteMatcher {
    private final Route route;
    private final List<String> parts;
    private final int parameters;
    private final Match.Found withoutParameters;

    RouteMatcher(Route route) {
      this.route = route;
      this.parts = route.parts();
      this.parameters = (int) parts.stream().filter(Route::isParameter).count();
      this.withoutParameters = new Match.Found(route, Map.of());
    }

    Match match(List<String> segments) {
      if (parameters == 0) {
        return withoutParameters;
      }
      var values = new HashMap<String, String>(2 * parameters);
      for (var i = 0; i < parts.size(); i++) {
        var part = parts.get(i);
        if (Route.isParameter(part)) {
          values.put(part.substring(1, part.length() - 1), segments.get(i));
        }
      }
      return new Match.Found(route, Collections.unmodifiableMap(values));
    }
  }
}
