package dev.partywall.http;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.http.Route.RequiredToken;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Finds the route of a request ({@link SelectRoute}) and dispatches the request to its handler, in
 * two steps. The filters in between know the route: they check its access and log its template.
 * Requests without a route pass through the same filter chain.
 *
 * <p>The GET route serves HEAD, and the router serves OPTIONS (RFC 9110, sections 9.3.2 and 9.3.7).
 * If two templates match a path, the template with the earlier literal part wins.
 */
public final class Router {
  private static final Match NO_MATCH = new Match.NoMatch();

  private final PathTree paths = new PathTree();

  /**
   * Creates a router for these routes.
   *
   * @throws IllegalArgumentException if two routes have the same method and path. A GET route
   *     includes HEAD, and each path has an OPTIONS route of the router
   */
  public Router(List<Route> routes) {
    routes.forEach(route -> paths.routesAt(route.parts(), route.template()).add(route));
  }

  /** Returns the route of a request. {@link SelectRoute} adds it to the request. */
  Match match(Request request) {
    // The path of a malformed message is not trustworthy.
    if (request.violatedRule().isPresent()) {
      return NO_MATCH;
    }
    var segments = request.target().segments();
    var path = paths.find(segments);
    return path == null ? NO_MATCH : path.match(request.method(), segments);
  }

  /**
   * Returns a handler that calls the handler of the matched route.
   *
   * <p>It throws {@link ApiException} as {@link ApiError.NotFound} or {@link
   * ApiError.MethodNotAllowed} if no route matched, and as {@link ApiError.Malformed} if the
   * request has a query parameter that the route does not have, or one twice. All filters precede
   * this check, so a caller without access to the route learns nothing about its parameters.
   */
  public Handler dispatchHandler() {
    return request ->
        switch (request.match()) {
          case Match.Found(var route, _) -> {
            request.requireQuery(route.queryParameters());
            yield route.handler().handle(request);
          }
          case Match.WrongMethod(_, var allow, _) ->
              throw new ApiException(new ApiError.MethodNotAllowed(allow));
          case Match.NoMatch() -> throw new ApiException(new ApiError.NotFound());
        };
  }

  /** A prefix tree of all path templates. It is immutable after the router is built. */
  static final class PathTree {
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
      private final Set<String> queryParameters = new TreeSet<>();

      PathRoutes(String template) {
        this.template = template;
        put("OPTIONS", options());
      }

      void add(Route route) {
        put(route.method(), route);
        requiredTokens.add(route.access().requiredToken());
        queryParameters.addAll(route.queryParameters());
        matchers.put("OPTIONS", new RouteMatcher(options()));
        if (route.method().equals("GET")) {
          put("HEAD", route);
        }
      }

      private void put(String method, Route route) {
        if (matchers.putIfAbsent(method, new RouteMatcher(route)) != null) {
          throw new IllegalArgumentException(
              "Two routes have the same method and path: " + method + " " + route.template());
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
       * Returns the token for a wrong method: any, if the routes of the path require different
       * ones.
       */
      private RequiredToken requiredToken() {
        return requiredTokens.size() == 1 ? requiredTokens.iterator().next() : RequiredToken.ANY;
      }

      /**
       * Returns the OPTIONS route. It is open, because its response reveals no more than a 405. It
       * has the query parameters of all routes of the path, because a browser sends the target of
       * the request that it asks permission for.
       */
      private Route options() {
        var route =
            Route.open(
                "OPTIONS",
                template,
                _ -> Response.of(204).with("Allow", String.join(", ", methods)));
        return route.withQuery(queryParameters.toArray(String[]::new));
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
          return parameters == 0 ? withoutParameters : new Match.Found(route, values(segments));
        }

        private Map<String, String> values(List<String> segments) {
          var values = new HashMap<String, String>(2 * parameters);
          for (var i = 0; i < parts.size(); i++) {
            var part = parts.get(i);
            if (Route.isParameter(part)) {
              values.put(part.substring(1, part.length() - 1), segments.get(i));
            }
          }
          return Collections.unmodifiableMap(values);
        }
      }
    }
  }
}
