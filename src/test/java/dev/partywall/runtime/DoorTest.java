package dev.partywall.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class DoorTest {
  /** Written out, so that nobody changes the order without meaning to. */
  @Test
  void theOrderOfTheCorridorIsThis() {
    assertEquals(
        List.of(
            "TRACE",
            "ROUTE",
            "ACCESS_LOG",
            "METRICS",
            "METER_ANSWERS",
            "PROBLEMS",
            "AUDIT",
            "WIRE_RULES",
            "DEADLINE",
            "CEILING",
            "AUTHENTICATE",
            "BIND",
            "METER_REQUESTS",
            "AUTHORIZE"),
        List.of(Door.values()).stream().map(Door::name).toList());
  }
}
