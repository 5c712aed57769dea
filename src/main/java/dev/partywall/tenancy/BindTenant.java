package dev.partywall.tenancy;

import dev.partywall.http.Filter;
import dev.partywall.http.Handler;
import dev.partywall.http.Request;
import dev.partywall.http.Response;
import dev.partywall.http.Route.RequiredToken;
import dev.partywall.tenancy.Identity.TenantUser;
import java.util.function.Function;

/**
 * A filter that binds the tenant of an authenticated user. It binds no tenant on an open route or
 * an operator's route, and code there that requires a tenant fails. The handler of an operator's
 * route binds its target tenant itself, by {@link Execution#callForTenant}.
 */
public final class BindTenant implements Filter {
  private final Function<TenantUser, Tenant> tenants;

  /**
   * Creates a filter that looks up the tenant of a user.
   *
   * @param tenants returns the tenant of a user, with its tier. It may throw an {@link
   *     dev.partywall.error.ApiException} to reject the user. If it returns a tenant with another
   *     id than in the token, {@link #filter} throws {@link IllegalStateException}
   */
  public BindTenant(Function<TenantUser, Tenant> tenants) {
    this.tenants = tenants;
  }

  @Override
  public Response filter(Request request, Handler next) {
    if (request.match().isOpen()) {
      return next.handle(request);
    }
    var execution = Execution.current().orElseThrow(BindTenant::notAuthenticated);
    var identity = execution.identity().orElseThrow(BindTenant::notAuthenticated);
    return identity instanceof TenantUser user
            && request.match().requiredToken() != RequiredToken.OPERATOR
        ? execution.callForTenant(tenants.apply(user), () -> next.handle(request))
        : next.handle(request);
  }

  private static IllegalStateException notAuthenticated() {
    return new IllegalStateException("the request has no authenticated caller");
  }
}
