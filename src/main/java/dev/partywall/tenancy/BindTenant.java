package dev.partywall.tenancy;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
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
 *
 * <p>The authorization rejects a user of a tenant on an operator's route. The filter only records
 * that tenant, because its limits apply to the request, and the response states its quotas.
 */
public final class BindTenant implements Filter {
  private final Function<TenantUser, Tenant> tenants;
  private final RequestGenerations generations;

  /**
   * Creates a filter that looks up the tenant of a user.
   *
   * @param tenants returns the tenant of a user, with its tier. It may throw an {@link
   *     dev.partywall.error.ApiException} to reject the user. If it returns a tenant with another
   *     id than in the token, {@link #filter} throws {@link IllegalStateException}
   * @param generations counts the requests of tenants
   */
  public BindTenant(Function<TenantUser, Tenant> tenants, RequestGenerations generations) {
    this.tenants = tenants;
    this.generations = generations;
  }

  @Override
  public Response filter(Request request, Handler next) {
    if (request.match().isOpen()) {
      return next.handle(request);
    }
    var execution = Execution.current().orElseThrow(BindTenant::notAuthenticated);
    var identity = execution.identity().orElseThrow(BindTenant::notAuthenticated);
    if (!(identity instanceof TenantUser user)) {
      return next.handle(request);
    }
    if (request.match().requiredToken() == RequiredToken.OPERATOR) {
      record(user, execution);
      return next.handle(request);
    }
    var generation = generations.begin(); // before the record of the tenant is read
    try {
      return execution.callForTenant(tenants.apply(user), () -> next.handle(request));
    } finally {
      generation.end();
    }
  }

  /** Records the tenant. The reason of every rejection is the route, if the token is valid. */
  private void record(TenantUser user, Execution execution) {
    try {
      execution.record(tenants.apply(user));
    } catch (ApiException e) {
      if (e.error() instanceof ApiError.Unauthenticated) {
        throw e;
      }
    }
  }

  private static IllegalStateException notAuthenticated() {
    return new IllegalStateException("the request has no authenticated caller");
  }
}
