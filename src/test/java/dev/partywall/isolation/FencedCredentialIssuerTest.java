package dev.partywall.isolation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.partywall.isolation.IssuingFailedException.FailureReason;
import dev.partywall.tenancy.TenantLocation;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class FencedCredentialIssuerTest {
  private static final TenantLocation LOCATION = new TenantLocation("orders", List.of("acme"));

  private final FakeCredentialIssuer sts = new FakeCredentialIssuer(new FixedClock());
  private final AtomicBoolean changesKnown = new AtomicBoolean(true);
  private final CredentialIssuer issuer = new FencedCredentialIssuer(sts, changesKnown::get);

  @Test
  void callsStsWhileTheChangesOfTheTenantsAreKnown() {
    var session = issuer.issue(CredentialsFixture.ACME, LOCATION);
    assertEquals(CredentialsFixture.ACME, session.tenant());
    assertEquals(LOCATION, session.location());
  }

  @Test
  void doesNotCallStsWhileTheChangesAreUnknown() {
    changesKnown.set(false);
    var failure =
        assertThrows(
            IssuingFailedException.class, () -> issuer.issue(CredentialsFixture.ACME, LOCATION));
    assertEquals(FailureReason.REGISTRY_UNAVAILABLE, failure.reason());
    assertEquals(0, sts.calls());
  }
}
