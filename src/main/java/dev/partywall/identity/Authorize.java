package dev.partywall.identity;

import dev.partywall.http.Filter;
import dev.partywall.http.Handler;
import dev.partywall.http.Match;
import dev.partywall.http.Refusal;
import dev.partywall.http.Refusal.Forbidden.Reason;
import dev.partywall.http.Refused;
import dev.partywall.http.Request;
import dev.partywall.http.Response;
import dev.partywall.http.Route.Access;

/** A filter that rejects requests whose token lacks the scope of the route. */
public final class Authorize implements Filter {
  @Override
  public Response filter(Request request, Handler next) {
    if (request.match() instanceof Match.Found(var route, _)
        && route.access() instanceof Access.Scope(var scope)
        && !request.caller().rights().contains(scope)) {
      throw new Refused(new Refusal.Forbidden(Reason.INSUFFICIENT_SCOPE));
    }
    return next.handle(request);
  }
}
