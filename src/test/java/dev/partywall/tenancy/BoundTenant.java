package dev.partywall.tenancy;

import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.DynamicTestInvocationContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/**
 * Binds a tenant around each test of business code, and around what is set up before it:
 * {@code @RegisterExtension BoundTenant tenant = new BoundTenant("acme")}. A test that leaves a
 * tenant bound, or finds one, fails.
 */
public final class BoundTenant implements InvocationInterceptor {
  private final Tenant tenant;

  /** Binds that tenant, of tier {@code standard}. */
  public BoundTenant(String id) {
    this(new Tenant(new TenantId(id), "standard"));
  }

  /** Binds that tenant. */
  public BoundTenant(Tenant tenant) {
    this.tenant = tenant;
  }

  @Override
  public void interceptBeforeEachMethod(
      Invocation<@Nullable Void> invocation,
      ReflectiveInvocationContext<Method> m,
      ExtensionContext c)
      throws Throwable {
    bound(invocation);
  }

  @Override
  public void interceptTestMethod(
      Invocation<@Nullable Void> invocation,
      ReflectiveInvocationContext<Method> m,
      ExtensionContext c)
      throws Throwable {
    bound(invocation);
  }

  @Override
  public void interceptTestTemplateMethod(
      Invocation<@Nullable Void> invocation,
      ReflectiveInvocationContext<Method> m,
      ExtensionContext c)
      throws Throwable {
    bound(invocation);
  }

  @Override
  public <T extends @Nullable Object> T interceptTestFactoryMethod(
      Invocation<T> invocation, ReflectiveInvocationContext<Method> m, ExtensionContext c)
      throws Throwable {
    return bound(invocation);
  }

  @Override
  public void interceptDynamicTest(
      Invocation<@Nullable Void> invocation, DynamicTestInvocationContext d, ExtensionContext c)
      throws Throwable {
    bound(invocation);
  }

  @Override
  public void interceptAfterEachMethod(
      Invocation<@Nullable Void> invocation,
      ReflectiveInvocationContext<Method> m,
      ExtensionContext c)
      throws Throwable {
    bound(invocation);
  }

  /** Runs it for the tenant, and looks before and after that nobody else has bound one. */
  <T extends @Nullable Object> T bound(Invocation<T> invocation) throws Throwable {
    requireNone("before");
    try {
      return TenantContext.call(tenant, invocation::proceed);
    } finally {
      requireNone("after");
    }
  }

  private static void requireNone(String when) {
    if (TenantContext.isBound()) {
      throw new AssertionError(
          "a tenant is bound " + when + " the test: " + TenantContext.current().id());
    }
  }
}
