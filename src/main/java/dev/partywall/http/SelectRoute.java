package dev.partywall.http;

/** A filter that adds the route's match to the request. It rejects no request. */
public final class SelectRoute implements Filter {
  private final Router router;

  /** Selects among the routes of {@code router}. */
  public SelectRoute(Router router) {
    this.router = router;
  }

  @Override
  public Response filter(Request request, Handler next) {
    return next.handle(request.with(router.locate(request)));
  }
}
