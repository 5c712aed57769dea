package dev.partywall.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.partywall.tenancy.Tiers;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TierPricesTest {
  @Test
  void warnsOfEachTierWithoutPricesAndOfEachUnknownName() {
    var prices = new TierPrices(Tiers.BUILT_IN, Set.of("free", "standrad", "gold"));
    assertEquals(
        List.of(
            "PARTYWALL_PRICES does not list the tier premium: its usage is free",
            "PARTYWALL_PRICES does not list the tier standard: its usage is free",
            "PARTYWALL_PRICES lists gold, which is not a tier",
            "PARTYWALL_PRICES lists standrad, which is not a tier"),
        prices.warnings());
  }

  @Test
  void doesNotWarnIfTheNamesAreEqual() {
    var prices = new TierPrices(Tiers.BUILT_IN, Set.of("free", "standard", "premium"));
    assertEquals(List.of(), prices.warnings());
  }
}
