package dev.partywall.metering.meter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.metering.meter.UsageMeter.KernelMeter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AmountsTest {
  private static final UsageMeter CREATED = UsageMeter.declared("notesCreated");
  private static final UsageMeter TRANSLATED = UsageMeter.declared("wordsTranslated");

  @Test
  void addsTheAmountsOfEachMeter() {
    var first = Amounts.of(Map.of(KernelMeter.REQUESTS, 1L, CREATED, 2L));
    var second = Amounts.of(Map.of(KernelMeter.BUSY, 3L, CREATED, 4L, TRANSLATED, 5L));
    var expected =
        Map.of(KernelMeter.REQUESTS, 1L, KernelMeter.BUSY, 3L, CREATED, 6L, TRANSLATED, 5L);
    assertEquals(Amounts.of(expected), first.plus(second));
    assertEquals(second, first.plus(second).minus(first));
  }

  @Test
  void rejectsASumThatOverflows() {
    for (var meter : List.of(KernelMeter.REQUESTS, CREATED)) {
      var amounts = Amounts.of(meter, Long.MAX_VALUE);
      assertThrows(ArithmeticException.class, () -> amounts.plus(Amounts.of(meter, 1)));
    }
  }

  @Test
  void treatsZeroLikeAMissingAmount() {
    assertEquals(Amounts.ZERO, Amounts.of(Map.of(KernelMeter.REQUESTS, 0L, CREATED, 0L)));
    assertEquals(Amounts.ZERO, Amounts.of(CREATED, 2).minus(Amounts.of(CREATED, 2)));
    assertTrue(Amounts.of(CREATED, 0).isEmpty());
    assertFalse(Amounts.of(CREATED, 1).isEmpty());
    assertFalse(Amounts.of(KernelMeter.BUSY, 1).isEmpty());
  }

  @Test
  void listsTheMetersWithAnAmount() {
    var amounts = Amounts.of(Map.of(KernelMeter.BYTES_IN, 1L, KernelMeter.BUSY, 0L, CREATED, 2L));
    assertEquals(List.of(KernelMeter.BYTES_IN, CREATED), amounts.meters());
    assertEquals(0, amounts.steps(TRANSLATED));
  }

  @Test
  void recognizesAStoredMeterByItsAttributeAndDecimals() {
    assertEquals(KernelMeter.READ_UNITS, UsageMeter.stored("readUnits", 3));
    assertEquals(CREATED, UsageMeter.stored("m_notesCreated", 0));
    assertEquals(UsageMeter.declared("ordersPlaced"), UsageMeter.stored("ordersPlaced", 0));
    assertEquals("notesCreated", UsageMeter.stored("m_notesCreated", 0).label());
    assertEquals("2.5", UsageMeter.stored("readUnits", 1).units(25).toPlainString());
  }
}
