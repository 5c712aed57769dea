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

/** Lets on who has the right that the route asks for. */
public final class Authorize implements Filter {
  @Override
  public Response filter(Request request, Handler next) {
    if (request.match() instanceof Match.Found(var route, _)
        && route.access() instanceof Access.Scope(var right)
        && !request.caller().rights().contains(right)) {
      throw new Refused(new Refusal.Forbidden(Reason.INSUFFICIENT_SCOPE));
    }
    return next.handle(request);
  }
}
