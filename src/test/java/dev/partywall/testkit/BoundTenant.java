package dev.partywall.testkit;

import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantContext;
import dev.partywall.tenancy.TenantId;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.DynamicTestInvocationContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/**
 * An extension that binds a tenant around each test of business code and its setup methods:
 * {@code @RegisterExtension BoundTenant tenant = new BoundTenant("acme")}. A test fails if a tenant
 * is bound before or after it.
 */
public final class BoundTenant implements InvocationInterceptor {
  private final Tenant tenant;

  /** Binds a tenant of tier {@code standard}. */
  public BoundTenant(String id) {
    this(id, "standard");
  }

  /** Binds a tenant of the given tier. */
  public BoundTenant(String id, String tier) {
    this.tenant = new Tenant(new TenantId(id), tier);
  }

  @Override
  public void interceptBeforeEachMethod(
      Invocation<@Nullable Void> invocation,
      ReflectiveInvocationContext<Method> method,
      ExtensionContext context)
      throws Throwable {
    runBound(invocation);
  }

  @Override
  public void interceptTestMethod(
      Invocation<@Nullable Void> invocation,
      ReflectiveInvocationContext<Method> method,
      ExtensionContext context)
      throws Throwable {
    runBound(invocation);
  }

  @Override
  public void interceptTestTemplateMethod(
      Invocation<@Nullable Void> invocation,
      ReflectiveInvocationContext<Method> method,
      ExtensionContext context)
      throws Throwable {
    runBound(invocation);
  }

  @Override
  public <T extends @Nullable Object> T interceptTestFactoryMethod(
      Invocation<T> invocation,
      ReflectiveInvocationContext<Method> method,
      ExtensionContext context)
      throws Throwable {
    return runBound(invocation);
  }

  @Override
  public void interceptDynamicTest(
      Invocation<@Nullable Void> invocation,
      DynamicTestInvocationContext dynamic,
      ExtensionContext context)
      throws Throwable {
    runBound(invocation);
  }

  @Override
  public void interceptAfterEachMethod(
      Invocation<@Nullable Void> invocation,
      ReflectiveInvocationContext<Method> method,
      ExtensionContext context)
      throws Throwable {
    runBound(invocation);
  }

  /** Runs the invocation for the tenant, and checks before and after that no tenant is bound. */
  <T extends @Nullable Object> T runBound(Invocation<T> invocation) throws Throwable {
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
