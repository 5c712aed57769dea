package dev.partywall.isolation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.isolation.StsCredentialIssuer.SessionName;
import dev.partywall.tenancy.TenantId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SessionNameTest {
  private static String name(String tenant, String instance) {
    return SessionName.of(new TenantId(tenant), instance).value();
  }

  @Test
  void containsTheTenantAndTheInstance() {
    assertEquals("acme@i-0a1b2c", name("acme", "i-0a1b2c"));
  }

  @Test
  void shortensTheInstanceButNeverTheTenant() {
    assertEquals("a".repeat(60) + "@i-0", name("a".repeat(60), "i-0a1b2c"));
    assertEquals("a".repeat(62) + "@i", name("a".repeat(62), "i-0a1b2c"));
    assertEquals("a".repeat(63), name("a".repeat(63), "i-0a1b2c"));
  }

  @Test
  void fitsTheRulesOfStsForAllLengths() {
    for (int tenant = 1; tenant <= 63; tenant++) {
      for (int instance = 1; instance <= 64; instance++) {
        var name = name("a".repeat(tenant), "i".repeat(instance));
        assertTrue(name.matches("[\\w+=,.@-]{2,64}"), name);
        assertEquals(tenant, name.split("@", 2)[0].length(), name);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a@b", "a/b", "ä"})
  void rejectsAmbiguousInstanceNames(String instance) {
    assertThrows(IllegalArgumentException.class, () -> name("acme", instance));
  }
}
