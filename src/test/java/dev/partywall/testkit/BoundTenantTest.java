package dev.partywall.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantContext;
import dev.partywall.tenancy.TenantId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BoundTenantTest {
  @Nested
  class InATest {
    @RegisterExtension final BoundTenant tenant = new BoundTenant("acme");

    private String setUpTenant = "none";

    @BeforeEach
    void setUp() {
      setUpTenant = TenantContext.current().id().value();
    }

    @Test
    void bindsTheTenantInTheTestAndInItsSetup() {
      assertEquals("acme", TenantContext.current().id().value());
      assertEquals("acme", setUpTenant);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void bindsTheTenantInParameterizedTests(int any) {
      assertEquals("acme", TenantContext.current().id().value(), () -> "invocation " + any);
    }
  }

  @Test
  void unbindsTheTenantAfterTheTest() throws Throwable {
    assertEquals(
        "acme", new BoundTenant("acme").runBound(() -> TenantContext.current().id().value()));
    assertFalse(TenantContext.isBound());
  }

  @Test
  void failsTheTestIfAnotherTenantIsStillBound() {
    var leaked = new Tenant(new TenantId("globex"), "free");
    var error =
        assertThrows(
            AssertionError.class,
            () -> TenantContext.call(leaked, () -> boundOrThrow(new BoundTenant("acme"))));
    assertEquals("a tenant is bound before the test: globex", error.getMessage());
  }

  private static String boundOrThrow(BoundTenant tenant) throws Exception {
    try {
      return tenant.runBound(() -> "ran");
    } catch (Exception | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
