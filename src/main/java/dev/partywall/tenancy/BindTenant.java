package dev.partywall.tenancy;

import dev.partywall.http.Filter;
import dev.partywall.http.Handler;
import dev.partywall.http.Request;
import dev.partywall.http.Response;
import java.util.function.Function;

/**
 * A filter that binds the tenant of the verified caller. On an open route it binds none, and code
 * behind it that requires a tenant fails.
 */
public final class BindTenant implements Filter {
  private static final String DEFAULT_TIER = "free";

  private final Function<Caller, Tenant> tenants;

  /** Creates a filter that uses the tier of the token, or {@code free} if the token has none. */
  public BindTenant() {
    this(caller -> new Tenant(caller.tenant(), caller.tier().orElse(DEFAULT_TIER)));
  }

  /**
   * Creates a filter that looks up the tenant of a caller.
   *
   * @param tenants returns the tenant of a caller; it may reject the caller with an exception.
   *     {@link #filter} throws {@link IllegalArgumentException} if it returns another tenant
   */
  public BindTenant(Function<Caller, Tenant> tenants) {
    this.tenants = tenants;
  }

  @Override
  public Response filter(Request request, Handler next) {
    var scope = RequestScope.current();
    var caller = scope.flatMap(RequestScope::caller);
    if (caller.isPresent()) {
      var tenant = tenantOf(caller.get());
      scope.get().serve(tenant);
      return TenantContext.call(tenant, () -> next.handle(request));
    }
    if (request.match().isOpen()) {
      return next.handle(request);
    }
    throw new IllegalStateException("the request has no authenticated caller");
  }

  private Tenant tenantOf(Caller caller) {
    var tenant = tenants.apply(caller);
    if (!tenant.id().equals(caller.tenant())) {
      throw new IllegalArgumentException("the lookup returned a tenant other than the caller's");
    }
    return tenant;
  }
}
