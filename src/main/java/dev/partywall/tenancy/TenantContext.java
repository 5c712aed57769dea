package dev.partywall.tenancy;

import java.lang.ScopedValue.CallableOp;
import org.jspecify.annotations.Nullable;

/**
 * The tenant that the running code works for: bound for the length of a call, and gone after it.
 *
 * <p>A binding reaches what is called, and what is forked by structured concurrency. It does not
 * reach work that is handed to an executor; who hands it over takes {@link #current()} along and
 * binds it there, on purpose.
 */
public final class TenantContext {
  private static final ScopedValue<Tenant> TENANT = ScopedValue.newInstance();

  private TenantContext() {}

  /**
   * The bound tenant.
   *
   * @throws IllegalStateException where none is bound; there is no default tenant
   */
  public static Tenant current() {
    if (!TENANT.isBound()) {
      throw new IllegalStateException(
          "no tenant is bound here: this code must run inside of TenantContext.call");
    }
    return TENANT.get();
  }

  /** Whether a tenant is bound. */
  public static boolean isBound() {
    return TENANT.isBound();
  }

  /**
   * Runs {@code work} for the tenant. Inside of another tenant's binding that is refused: nothing
   * ever works for two, so code that tries is wrong, or worse.
   *
   * @throws IllegalStateException where another tenant is bound
   * @throws X whatever the work throws
   */
  public static <T extends @Nullable Object, X extends Throwable> T call(
      Tenant tenant, CallableOp<? extends T, X> work) throws X {
    if (TENANT.isBound() && !TENANT.get().id().equals(tenant.id())) {
      throw new IllegalStateException("another tenant is bound here already");
    }
    return ScopedValue.where(TENANT, tenant).call(work);
  }
}
