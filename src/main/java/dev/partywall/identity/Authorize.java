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
import dev.partywall.tenancy.Execution;
import dev.partywall.tenancy.Identity;
import java.util.Optional;

/**
 * A filter that rejects requests whose token is of the wrong kind, or lacks the scope of the route.
 * An operator's token reaches only operators' routes, and a tenant's token never does, whatever its
 * scopes.
 */
public final class Authorize implements Filter {
  @Override
  public Response filter(Request request, Handler next) {
    if (!request.match().isOpen()) {
      check(request.match(), identity());
    }
    return next.handle(request);
  }

  private static void check(Match match, Identity identity) {
    switch (match.requiredToken()) {
      case TENANT -> require(identity instanceof Identity.TenantUser, Reason.NOT_A_TENANT);
      case OPERATOR -> require(identity instanceof Identity.Operator, Reason.NOT_AN_OPERATOR);
      case NONE, ANY -> {
        // Every identity is permitted.
      }
    }
    var scope = scope(match);
    require(scope.isEmpty() || identity.scopes().contains(scope.get()), Reason.INSUFFICIENT_SCOPE);
  }

  private static Optional<String> scope(Match match) {
    return switch (match) {
      case Match.Found(var route, _) when route.access() instanceof Access.Scope(var scope) ->
          Optional.of(scope);
      case Match.Found(var route, _) when route.access() instanceof Access.Operator(var scope) ->
          Optional.of(scope);
      default -> Optional.empty();
    };
  }

  private static void require(boolean permitted, Reason reason) {
    if (!permitted) {
      throw new ApiException(new ApiError.Forbidden(reason));
    }
  }

  private static Identity identity() {
    return Execution.currentIdentity()
        .orElseThrow(() -> new IllegalStateException("the request is not authenticated"));
  }
}
