package dev.partywall.attack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A short attack run with a random seed. {@link Attack} is the long run. */
@WithAttackFixture
class AttackRunTest {
  private static final long SEED = Long.getLong("attack.seed", new SecureRandom().nextLong());
  private static final long ATTEMPTS = Long.getLong("attack.attempts", 320);

  private final AttackFixture fixture;

  AttackRunTest(AttackFixture fixture) {
    this.fixture = fixture;
  }

  @Test
  void blocksRandomizedAttacks() throws Exception {
    new AttackRun(fixture, SEED, ATTEMPTS, 8).run();
    var findings = fixture.findings();
    assertEquals(List.of(), List.copyOf(findings.reported()), () -> "-Dattack.seed=" + SEED);
    assertEquals(0, findings.leakedBytes());
    assertTrue(findings.attempts() >= ATTEMPTS);
    System.out.print(findings.summary());
  }
}
