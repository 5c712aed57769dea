package dev.partywall.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.partywall.metering.meter.UsageMeter;
import dev.partywall.service.Capability;
import dev.partywall.service.Offering;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeclaredMetersTest {
  @Test
  void reportsTheMetersOfAllCapabilitiesAfterTheBytes() {
    var declarations =
        ServiceFixture.declare(
            List.of(capability("one", "onesCounted", "oneMore"), capability("two", "twosCounted")));
    assertEquals(
        List.of(
            "requests",
            "bytesIn",
            "bytesOut",
            "onesCounted",
            "oneMore",
            "twosCounted",
            "readUnits",
            "writeUnits",
            "busyMs"),
        declarations.meters().all().stream().map(UsageMeter::label).toList());
  }

  @ParameterizedTest
  @ValueSource(strings = {"requests", "bytesIn", "bytesOut", "readUnits", "writeUnits", "busyMs"})
  void rejectsTheNameOfAKernelMeter(String name) {
    var failure =
        assertThrows(
            IllegalArgumentException.class,
            () -> ServiceFixture.declare(List.of(capability("one", name))));
    assertEquals("The kernel has a meter of this name: " + name, failure.getMessage());
  }

  @Test
  void rejectsAMeterThatTwoCapabilitiesDeclare() {
    var capabilities = List.of(capability("one", "written"), capability("two", "written"));
    var failure =
        assertThrows(IllegalArgumentException.class, () -> ServiceFixture.declare(capabilities));
    assertEquals("The meter is declared twice: written", failure.getMessage());
  }

  private static Capability capability(String name, String... meters) {
    return kernel -> {
      Arrays.stream(meters).forEach(kernel::meter);
      return Offering.of(name, List.of());
    };
  }
}
