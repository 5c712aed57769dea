package dev.partywall.tenancy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

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

    private String setUpFor = "nobody";

    @BeforeEach
    void setUp() {
      setUpFor = TenantContext.current().id().value();
    }

    @Test
    void theTenantIsBoundAndWasWhileItWasSetUp() {
      assertEquals("acme", TenantContext.current().id().value());
      assertEquals("acme", setUpFor);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void soItIsInAParameterizedOne(int any) {
      assertEquals("acme", TenantContext.current().id().value(), () -> "at " + any);
    }
  }

  @Test
  void itIsGoneAfterTheTest() throws Throwable {
    assertEquals("acme", new BoundTenant("acme").bound(() -> TenantContext.current().id().value()));
    assertFalse(TenantContext.isBound());
  }

  @Test
  void aTenantThatSomebodyElseLeftBoundFailsTheTest() {
    var left = new Tenant(new TenantId("globex"), "free");
    var error =
        assertThrows(
            AssertionError.class,
            () -> TenantContext.call(left, () -> boundOrThrow(new BoundTenant("acme"))));
    assertEquals("a tenant is bound before the test: globex", error.getMessage());
  }

  private static String boundOrThrow(BoundTenant tenant) throws Exception {
    try {
      return tenant.bound(() -> "ran");
    } catch (Exception | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
