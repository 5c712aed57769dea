package dev.partywall.isolation;

import static dev.partywall.isolation.Stage.ACME;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.tenancy.Home;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests an entry that is still referenced while its tenant is removed or moves. */
class LeaseTest {
  private final Stage stage = new Stage();
  private final Home location = stage.homeOf(ACME);
  private final Lease entry =
      new Lease(
          ACME,
          location,
          new Vending(stage.sts, stage.background, stage.clock, () -> 0.5, stage.events));

  @Test
  void matchesItsLocationUntilItEnds() {
    assertTrue(entry.holdsFor(location));
    assertFalse(entry.holdsFor(new Home(location.table(), List.of("acme.0", "acme.1"))));
    entry.end();
    assertFalse(entry.holdsFor(location));
  }

  @Test
  void doesNotServeItsCredentialsAfterItsEnd() {
    assertEquals("acme#1", token());
    entry.end();
    assertEquals("acme#2", token());
  }

  private String token() {
    return entry.held(stage.clock.millis()).session().credentials().sessionToken();
  }
}
