package dev.partywall.tenancy;

import dev.partywall.http.Incarnation;
import java.lang.ScopedValue.CallableOp;
import org.jspecify.annotations.Nullable;

/**
 * The tenant of the running code, bound for the duration of a call.
 *
 * <p>A binding applies to the called code, and to the forks of structured concurrency. It does not
 * apply to tasks of an executor. To propagate it there, read {@link #current()} before the
 * submission and bind it explicitly in the task.
 */
public final class TenantContext {
  private static final ScopedValue<Tenant> TENANT = ScopedValue.newInstance();

  private TenantContext() {}

  /**
   * Returns the bound tenant.
   *
   * @throws IllegalStateException if no tenant is bound; no default tenant exists
   */
  public static Tenant current() {
    if (!TENANT.isBound()) {
      throw new IllegalStateException(
          "no tenant is bound: this code must run inside TenantContext.call");
    }
    return TENANT.get();
  }

  /** Returns whether a tenant is bound. */
  public static boolean isBound() {
    return TENANT.isBound();
  }

  /**
   * Runs {@code work} for the tenant. No code may work for two tenants, so a nested call for
   * another tenant is a defect or an attack.
   *
   * @throws IllegalStateException if another tenant is bound
   * @throws X if the work throws it
   */
  public static <T extends @Nullable Object, X extends Throwable> T call(
      Tenant tenant, CallableOp<? extends T, X> work) throws X {
    return binding(tenant).call(work);
  }

  /**
   * Runs {@code task} for the tenant, like {@link #call}.
   *
   * @throws IllegalStateException if another tenant is bound
   */
  public static void run(Tenant tenant, Runnable task) {
    binding(tenant).run(task);
  }

  private static ScopedValue.Carrier binding(Tenant tenant) {
    if (TENANT.isBound() && !TENANT.get().id().equals(tenant.id())) {
      throw new IllegalStateException("another tenant is already bound");
    }
    return Incarnation.bind(ScopedValue.where(TENANT, tenant), tenant.incarnation());
  }
}
