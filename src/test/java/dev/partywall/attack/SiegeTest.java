package dev.partywall.attack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A short siege by another seed each time; the long one is a command of its own. */
@ExtendWith(SharedHouse.class)
class SiegeTest {
  private static final long SEED = Long.getLong("attack.seed", new SecureRandom().nextLong());
  private static final long ATTEMPTS = Long.getLong("attack.attempts", 4_000);

  private final House house;

  SiegeTest(House house) {
    this.house = house;
  }

  @Test
  void nobodyGetsInWhateverIsTriedInWhateverOrder() throws Exception {
    new Siege(house, SEED, ATTEMPTS, 8).run();
    var findings = house.findings();
    assertEquals(List.of(), List.copyOf(findings.breaches()), () -> "-Dattack.seed=" + SEED);
    assertEquals(0, findings.canaryBytes());
    assertTrue(findings.attempts() >= ATTEMPTS);
    System.out.print(findings.figures());
  }
}
