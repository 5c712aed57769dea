package dev.partywall.tenancy;

import dev.partywall.http.Filter;
import dev.partywall.http.Handler;
import dev.partywall.http.Request;
import dev.partywall.http.Response;
import java.util.function.Function;

/**
 * From this door on there is a tenant: the verified caller's. On an open route there is none, and
 * code behind it that asks for one fails.
 */
public final class BindTenant implements Filter {
  private static final String DEFAULT_TIER = "free";

  private final Function<Caller, Tenant> tenants;

  /** Takes the tier from the token, or {@code free} where it names none. */
  public BindTenant() {
    this(caller -> new Tenant(caller.tenant(), caller.tier().orElse(DEFAULT_TIER)));
  }

  /**
   * Asks {@code tenants} for what is known about a caller's tenant; it may refuse him.
   *
   * @throws IllegalArgumentException from {@link #filter}, when it names another tenant
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
    throw new IllegalStateException("nobody has been authenticated for this request");
  }

  private Tenant tenantOf(Caller caller) {
    var tenant = tenants.apply(caller);
    if (!tenant.id().equals(caller.tenant())) {
      throw new IllegalArgumentException("the caller's tenant can't be exchanged for another");
    }
    return tenant;
  }
}
