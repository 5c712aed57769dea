package dev.partywall.http;

import dev.partywall.http.Route.RequiredToken;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A prefix tree of all path templates. It is immutable after the router is built. */
final class PathTree {
  private final Map<String, PathTree> literals = new HashMap<>();
  private @Nullable PathTree parameter;
  private @Nullable PathRoutes routes;

  /** Returns the routes of the path with these parts, and creates them if absent. */
  PathRoutes routesAt(List<String> parts, String template) {
    if (parts.isEmpty()) {
      routes = routes == null ? new PathRoutes(template) : routes;
      return routes;
    }
    return child(parts.getFirst()).routesAt(parts.subList(1, parts.size()), template);
  }

  private PathTree child(String part) {
    if (!Route.isParameter(part)) {
      return literals.computeIfAbsent(part, _ -> new PathTree());
    }
    parameter = parameter == null ? new PathTree() : parameter;
    return parameter;
  }

  /** Returns the routes of the path that matches these segments, or null. */
  @Nullable PathRoutes find(List<String> segments) {
    return find(segments, 0);
  }

  private @Nullable PathRoutes find(List<String> segments, int index) {
    if (index == segments.size()) {
      return routes;
    }
    var segment = segments.get(index);
    var literal = literals.get(segment);
    var found = literal == null ? null : literal.find(segments, index + 1);
    return found != null || parameter == null || segment.isEmpty()
        ? found
        : parameter.find(segments, index + 1);
  }

  /** The routes of one path, by method. */
  static final class PathRoutes {
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
}
