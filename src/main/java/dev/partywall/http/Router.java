package dev.partywall.http;

import java.util.List;

/**
 * Finds the route of a request, and takes the request there. The two are apart: what was found is
 * known from the first door on, so that doors can ask for the route's access and log its template,
 * and what was not found walks down the same corridor as everything else.
 *
 * <p>HEAD is answered by the GET route, OPTIONS by the router (RFC 9110, sections 9.3.2 and 9.3.7).
 * Where two templates fit a path, the one with the earlier literal part is taken.
 */
public final class Router {
  private static final Match NOTHING = new Match.Nothing();

  private final PathTree paths = new PathTree();

  /**
   * A router for these routes.
   *
   * @throws IllegalArgumentException when two of them have the same method and path, or one is for
   *     HEAD or OPTIONS, which are answered for all
   */
  public Router(List<Route> routes) {
    routes.forEach(route -> paths.grow(route.parts(), route.template()).add(route));
  }

  /** Notes on the request what was found for it. Refuses nothing. */
  public Filter locating() {
    return (request, next) -> next.handle(request.with(locate(request)));
  }

  /**
   * Runs the handler of the route that was found.
   *
   * <p>It throws {@link Refused} as {@link Refusal.NotFound} or {@link Refusal.MethodNotAllowed}
   * when there is none.
   */
  public Handler dispatching() {
    return request ->
        switch (request.match()) {
          case Match.Found(var route, _) -> route.handler().handle(request);
          case Match.WrongMethod(_, var allow, _) ->
              throw new Refused(new Refusal.MethodNotAllowed(allow));
          case Match.Nothing() -> throw new Refused(new Refusal.NotFound());
        };
  }

  private Match locate(Request request) {
    // What breaks a rule of the wire has no path that could be trusted.
    if (request.wireFault().isPresent()) {
      return NOTHING;
    }
    var segments = request.target().segments();
    var path = paths.find(segments);
    return path == null ? NOTHING : path.match(request.method(), segments);
  }
}
