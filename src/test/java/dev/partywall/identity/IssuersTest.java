package dev.partywall.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.http.Refusal;
import dev.partywall.http.Refused;
import dev.partywall.local.LocalIssuer;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Several issuers beside each other. */
class IssuersTest {
  private final HandClock clock = new HandClock();
  private final LocalIssuer one;
  private final LocalIssuer two;
  private final Issuers issuers;
  private final TokenVerifier verifier;

  IssuersTest() throws IOException {
    one = LocalIssuer.start(0, clock, Pairs.RSA);
    two = LocalIssuer.start(0, clock, Pairs.OTHER_RSA);
    issuers = new Issuers(List.of(new Issuer(one.name()), new Issuer(two.name())), clock);
    verifier = new TokenVerifier(Gatehouse.TRUST, issuers);
  }

  @AfterEach
  void close() {
    issuers.close();
    one.close();
    two.close();
  }

  @Test
  void eachVerifiesItsOwnTokens() {
    issuers.refresh().join();
    verify(one.token("acme", "alice", "").signedBy(one.key()));
    verify(two.token("acme", "alice", "").signedBy(two.key()));
  }

  @Test
  void noneVerifiesAnothers() {
    two.publish(two.key(), one.key());
    issuers.refresh().join();
    var foreign = one.token("acme", "alice", "").header("kid", two.key().id());
    var rejected = assertThrows(RejectedToken.class, () -> verify(foreign.signedBy(two.key())));
    assertEquals(Rejection.UNKNOWN_KEY, rejected.reason());
  }

  @Test
  void oneThatIsAwayDoesNotStandInTheOthersWay() {
    two.goAway();
    issuers.refresh().join();
    assertTrue(issuers.ready());
    verify(one.token("acme", "alice", "").signedBy(one.key()));
    var token = two.token("acme", "alice", "").signedBy(two.key());
    var refused = assertThrows(Refused.class, () -> verify(token));
    assertTrue(refused.refusal() instanceof Refusal.Unavailable);
  }

  @Test
  void theirStateIsToldInTheConfigurationsOrder() {
    two.goAway();
    assertFalse(issuers.ready());
    issuers.refresh().join();
    var status = issuers.status();
    assertEquals(
        new IssuerStatus(one.name(), true, Optional.of(clock.instant()), Optional.empty()),
        status.get(0));
    assertEquals(two.name(), status.get(1).issuer());
    assertFalse(status.get(1).ready());
    assertEquals(Optional.empty(), status.get(1).lastSuccess());
    assertTrue(status.get(1).problem().isPresent());
  }

  private void verify(String token) {
    assertEquals("alice", verifier.verify(token, clock.millis()).caller().user());
  }
}
