package dev.partywall.error;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.error.ApiError.Fault;
import java.util.List;
import org.junit.jupiter.api.Test;

class FaultsTest {
  private final Faults faults = new Faults();

  @Test
  void rejectsNothingWithoutFaults() {
    assertTrue(faults.isEmpty());
    assertEquals(List.of(), faults.list());
    faults.rejectIfAny();
  }

  @Test
  void rejectsWithAllFaultsInOrder() {
    faults.add("/b", "must be a string");
    faults.add("", "must be an object");

    var rejection = assertThrows(ApiException.class, faults::rejectIfAny);

    assertFalse(faults.isEmpty());
    assertEquals(
        new ApiError.Invalid(
            List.of(new Fault("/b", "must be a string"), new Fault("", "must be an object"))),
        rejection.error());
  }

  @Test
  void writesTheLocationBeforeTheDetail() {
    var file = new Faults();
    file.add("/tiers", "is required");
    file.add("", "is empty");
    faults.add("PORT", "must be a number");
    faults.addAll("PRICES", file);

    assertEquals(
        List.of("PORT: must be a number", "PRICES: /tiers: is required", "PRICES: is empty"),
        faults.lines());
  }

  @Test
  void returnsACopy() {
    var before = faults.list();
    faults.add("/a", "is required");
    assertEquals(List.of(), before);
  }
}
