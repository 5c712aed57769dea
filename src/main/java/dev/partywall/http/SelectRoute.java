package dev.partywall.http;

/** A filter that adds the match of the router to the request. It rejects no request. */
public record SelectRoute(Router router) implements Filter {
  /** Calls {@code next} with the match. */
  @Override
  public Response filter(Request request, Handler next) {
    return next.handle(request.with(router.match(request)));
  }
}
