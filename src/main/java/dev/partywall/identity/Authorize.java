package dev.partywall.identity;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiError.Forbidden.Reason;
import dev.partywall.error.ApiException;
import dev.partywall.http.Filter;
import dev.partywall.http.Handler;
import dev.partywall.http.Match;
import dev.partywall.http.Request;
import dev.partywall.http.Response;
import dev.partywall.http.Route.Access;

/** A filter that rejects requests whose token lacks the scope of the route. */
public final class Authorize implements Filter {
  @Override
  public Response filter(Request request, Handler next) {
    if (request.match() instanceof Match.Found(var route, _)
        && route.access() instanceof Access.Scope(var scope)
        && !request.caller().scopes().contains(scope)) {
      throw new ApiException(new ApiError.Forbidden(Reason.INSUFFICIENT_SCOPE));
    }
    return next.handle(request);
  }
}
