package dev.partywall.isolation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantContext;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.TenantLocation;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.core.exception.SdkClientException;

class TableReadCredentialsTest {
  private static final TenantId ACME = new TenantId("acme");

  private final FixedClock clock = new FixedClock();
  private final FakeCredentialIssuer issuer = new FakeCredentialIssuer(clock);
  private final TableReadCredentials credentials =
      new TableReadCredentials(
          issuer, ACME, new TenantLocation("orders.restored", List.of("acme")), clock);

  @Test
  void areIssuedOnceForManyCalls() {
    var first = resolve(ACME);

    clock.advance(Duration.ofMinutes(45));

    assertEquals(first, resolve(ACME));
    assertEquals(1, issuer.calls());
  }

  @Test
  void areRenewed15MinutesBeforeTheirEnd() {
    var first = resolve(ACME);

    clock.advance(Duration.ofMinutes(45).plusSeconds(1));

    assertNotEquals(first, resolve(ACME));
  }

  @Test
  void areNotForAnotherTenant() {
    resolve(ACME);

    assertThrows(IllegalStateException.class, () -> resolve(new TenantId("globex")));
    assertThrows(IllegalStateException.class, credentials::resolveCredentials);
  }

  @Test
  void reportAFailureAsAnExceptionOfTheSdk() {
    issuer.unavailable = true;

    assertThrows(SdkClientException.class, () -> resolve(ACME));
  }

  private AwsCredentials resolve(TenantId tenant) {
    return TenantContext.call(new Tenant(tenant), credentials::resolveCredentials);
  }
}
