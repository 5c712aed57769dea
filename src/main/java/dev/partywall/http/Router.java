package dev.partywall.http;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import java.util.List;

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
   * @throws IllegalArgumentException if two routes have the same method and path, or a route is for
   *     HEAD or OPTIONS, which the router serves for all paths
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
   * ApiError.MethodNotAllowed} if no route matched.
   */
  public Handler dispatchHandler() {
    return request ->
        switch (request.match()) {
          case Match.Found(var route, _) -> route.handler().handle(request);
          case Match.WrongMethod(_, var allow, _) ->
              throw new ApiException(new ApiError.MethodNotAllowed(allow));
          case Match.NoMatch() -> throw new ApiException(new ApiError.NotFound());
        };
  }
}
