package dev.partywall.isolation;

import static dev.partywall.isolation.CredentialsFixture.ACME;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.tenancy.TenantLocation;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests an entry that is still referenced while its tenant is removed or moves. */
class TenantCredentialEntryTest {
  private final CredentialsFixture stage = new CredentialsFixture();
  private final TenantLocation location = stage.locationOf(ACME);
  private final TenantCredentialEntry entry =
      new TenantCredentialEntry(
          ACME,
          location,
          new CredentialIssuing(stage.sts, stage.background, stage.clock, () -> 0.5, stage.events));

  @Test
  void matchesItsLocationUntilItEnds() {
    assertTrue(entry.isFor(location));
    assertFalse(entry.isFor(new TenantLocation(location.table(), List.of("acme.0", "acme.1"))));
    entry.end();
    assertFalse(entry.isFor(location));
  }

  @Test
  void doesNotServeItsCredentialsAfterItsEnd() {
    assertEquals("acme#1", token());
    entry.end();
    assertEquals("acme#2", token());
  }

  private String token() {
    return entry.credentials(stage.clock.millis()).session().credentials().sessionToken();
  }
}
