package dev.partywall.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CurrencyCodesTest {
  /** ISO 4217, list one of 2026-01-01, has 178 codes. */
  @Test
  void containsEveryActiveCodeAndNoOther() {
    assertEquals(178, allCombinations().filter(CurrencyCodes::contains).count());
    assertTrue(CurrencyCodes.contains("EUR"));
    assertTrue(CurrencyCodes.contains("UYW"));
    assertFalse(CurrencyCodes.contains("DEM"));
  }

  @Test
  void requiresUpperCase() {
    assertFalse(CurrencyCodes.contains("eur"));
    assertFalse(CurrencyCodes.contains(""));
    assertEquals(
        0,
        allCombinations()
            .map(code -> code.toLowerCase(Locale.ROOT))
            .filter(CurrencyCodes::contains)
            .count());
  }

  private static java.util.stream.Stream<String> allCombinations() {
    return IntStream.range(0, 26 * 26 * 26)
        .mapToObj(
            i -> "" + (char) ('A' + i / 676) + (char) ('A' + i / 26 % 26) + (char) ('A' + i % 26));
  }
}
