package dev.partywall.http;

import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The routes of one path, by method. */
final class Crossing {
  private final Map<String, Way> ways = new HashMap<>();
  private final Set<String> allow = new TreeSet<>();
  private final Set<String> view = Collections.unmodifiableSet(allow);
  private final String template;
  private boolean open = true;

  Crossing(String template) {
    this.template = template;
    put("OPTIONS", options());
  }

  void add(Route route) {
    put(route.method(), route);
    open = open && route.access() instanceof Route.Access.Open;
    if (route.method().equals("GET")) {
      put("HEAD", route);
    }
  }

  private void put(String method, Route route) {
    if (ways.putIfAbsent(method, new Way(route)) != null) {
      throw new IllegalArgumentException("two routes for " + method + " " + route.template());
    }
    allow.add(method);
  }

  Match match(String method, List<String> segments) {
    var way = ways.get(method);
    return way == null ? new Match.WrongMethod(template, view, open) : way.match(segments);
  }

  /** Answers OPTIONS for a path. Anybody may ask: it says no more than a 405 does. */
  private Route options() {
    return Route.open(
        "OPTIONS", template, _ -> Response.of(204).with("Allow", String.join(", ", allow)));
  }

  /** A route, and which of a path's segments are its parameters. */
  private static final class Way {
    private final Route route;
    private final List<String> parts;
    private final int parameters;
    private final Match.Found plain;

    Way(Route route) {
      this.route = route;
      this.parts = route.parts();
      this.parameters = (int) parts.stream().filter(Route::isParameter).count();
      this.plain = new Match.Found(route, Map.of());
    }

    Match match(List<String> segments) {
      if (parameters == 0) {
        return plain;
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
