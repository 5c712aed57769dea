package dev.partywall.isolation;

import static dev.partywall.isolation.Stage.ACME;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.tenancy.Home;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A lease that somebody still has in hand while its tenant goes or moves. */
class LeaseTest {
  private final Stage stage = new Stage();
  private final Home home = stage.homeOf(ACME);
  private final Lease lease =
      new Lease(
          ACME,
          home,
          new Vending(stage.sts, stage.background, stage.clock, () -> 0.5, stage.events));

  @Test
  void holdsForItsHomeUntilItsTenantIsGone() {
    assertTrue(lease.holdsFor(home));
    assertFalse(lease.holdsFor(new Home(home.table(), List.of("acme.0", "acme.1"))));
    lease.end();
    assertFalse(lease.holdsFor(home));
  }

  @Test
  void whatItHeldIsNotServedWhenItsTenantIsGone() {
    assertEquals("acme#1", token());
    lease.end();
    assertEquals("acme#2", token());
  }

  private String token() {
    return lease.held(stage.clock.millis()).session().credentials().sessionToken();
  }
}
