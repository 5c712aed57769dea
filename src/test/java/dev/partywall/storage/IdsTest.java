package dev.partywall.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.HashSet;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdsTest {
  private static final Instant NOW = Instant.parse("2026-11-24T08:00:00Z");

  @Test
  void encodesIdsAsUlids() {
    RandomGenerator ones = () -> -1L;
    RandomGenerator zeroes = () -> 0L;
    // The example of the ULID specification's reference code.
    var time = Instant.ofEpochMilli(1_469_918_176_385L);
    assertEquals("01ARYZ6S41" + "Z".repeat(16), new Ids(ones).next(time));
    assertEquals("01ARYZ6S41" + "0".repeat(16), new Ids(zeroes).next(time));
  }

  @Test
  void idsSortByTime() {
    RandomGenerator ones = () -> -1L;
    RandomGenerator zeroes = () -> 0L;
    var earlier = new Ids(ones).next(NOW);
    var later = new Ids(zeroes).next(NOW.plusMillis(1));
    assertTrue(earlier.compareTo(later) < 0);
  }

  @Test
  void generatesDistinctValidIds() {
    var ids = new Ids(new SecureRandom());
    var seen = new HashSet<String>();
    for (int i = 0; i < 1_000; i++) {
      var id = ids.next(NOW);
      assertTrue(Ids.isValid(id), id);
      assertTrue(seen.add(id));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "01JD5ZTV4B7Q2W8X9Y0Z1A2B3",
        "01JD5ZTV4B7Q2W8X9Y0Z1A2B3C4",
        "01jd5ztv4b7q2w8x9y0z1a2b3c",
        "81JD5ZTV4B7Q2W8X9Y0Z1A2B3C",
        "01JD5ZTV4B7Q2W8X9Y0Z1A2B3I",
        "01JD5ZTV4B7Q2W8X9Y0Z1A2B#C",
        "01JD5ZTV4B7Q2W8X9Y0Z1A2B3\u0661",
      })
  void rejectsOtherForms(String text) {
    assertFalse(Ids.isValid(text));
  }
}
