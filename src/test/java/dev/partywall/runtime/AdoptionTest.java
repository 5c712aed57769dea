package dev.partywall.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.tenancy.TenantSelection.UnknownTenants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdoptionTest {
  private boolean placements;
  private boolean usage;
  private int searches;

  private Adoption adoption(UnknownTenants unknown) {
    return new Adoption(unknown, this::searchPlacements, () -> usage);
  }

  private boolean searchPlacements() {
    searches++;
    return placements;
  }

  @ParameterizedTest
  @CsvSource({
    // unknown tenants | placements | usage | required
    "REFUSE,             false,       false,  false",
    "REFUSE,             false,       true,   true",
    "REFUSE,             true,        false,  true",
    "ALLOW,              false,       false,  false",
    "ALLOW,              false,       true,   false",
    "ALLOW,              true,        false,  true",
  })
  void isRequiredIfAFormerTenantWouldBeRejectedOrLoseItsPlacement(
      UnknownTenants unknown, boolean placements, boolean usage, boolean required) {
    this.placements = placements;
    this.usage = usage;
    assertEquals(required, adoption(unknown).isRequired());
  }

  @Test
  void searchesOnlyUntilTheResultIsKnown() {
    var none = adoption(UnknownTenants.REFUSE);
    assertFalse(none.isRequired());
    placements = true;
    assertFalse(none.isRequired());
    assertTrue(adoption(UnknownTenants.ALLOW).isRequired());
    assertEquals(2, searches);
  }

  @Test
  void searchesAgainAfterAFailure() {
    placements = true;
    var adoption = new Adoption(UnknownTenants.ALLOW, this::failOnce, () -> false);
    assertThrows(IllegalStateException.class, adoption::isRequired);
    assertTrue(adoption.isRequired());
  }

  private boolean failOnce() {
    if (searchPlacements() && searches == 1) {
      throw new IllegalStateException("unavailable");
    }
    return placements;
  }
}
