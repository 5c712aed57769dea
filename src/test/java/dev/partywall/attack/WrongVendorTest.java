package dev.partywall.attack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.partywall.http.Refused;
import dev.partywall.isolation.CredentialListener;
import dev.partywall.isolation.CredentialVendor;
import dev.partywall.isolation.TenantCredentials;
import dev.partywall.isolation.TenantSession;
import dev.partywall.isolation.Vending;
import dev.partywall.local.aws.Template.Target;
import dev.partywall.tenancy.TenantContext;
import java.time.Duration;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** The credential issuer returns credentials of the wrong tenant. */
@ExtendWith(SharedHouse.class)
class WrongVendorTest {
  private final House fixture;
  private final Resident attacker;
  private final Resident target;

  WrongVendorTest(House fixture) {
    this.fixture = fixture;
    this.attacker = fixture.resident("acme");
    this.target = fixture.resident("acme2");
  }

  private TenantSession session(Resident owner, Resident declared) {
    var credentials =
        TenantContext.call(
            owner.tenant(), () -> fixture.crowbar().credentials().resolveCredentials());
    return new TenantSession(
        declared.tenant().id(),
        declared.home(),
        (AwsSessionCredentials) credentials,
        fixture.clock().instant().plus(Duration.ofHours(1)));
  }

  private TenantCredentials from(CredentialVendor issuer) {
    var issuing =
        new Vending(
            issuer,
            Thread::startVirtualThread,
            fixture.clock(),
            () -> 0.5,
            CredentialListener.NONE);
    return new TenantCredentials(issuing, fixture.placements()::homeOf, 100);
  }

  private <T> T as(Resident tenant, Supplier<T> work) {
    return TenantContext.call(tenant.tenant(), work::get);
  }

  @Test
  void rejectsCredentialsDeclaredForAnotherTenantBeforeAnyRequestIsSent() {
    var credentials = from((_, _) -> session(target, target));
    assertThrows(Refused.class, () -> as(attacker, credentials::resolveCredentials));
  }

  @Test
  void foreignCredentialsDeclaredAsOwnGiveNoAccessToOwnOrForeignItems() {
    var credentials = from((_, _) -> session(target, attacker));
    try (var client =
        DynamoDbClient.builder()
            .region(Region.of(Target.LOCAL.region()))
            .endpointOverride(fixture.aws().aws().endpoint())
            .credentialsProvider(credentials)
            .build()) {
      // Isolation layer 1 still requests the bound tenant's key, to which these credentials give
      // no access.
      var own = WallTricks.query(attacker.home().table(), attacker.name()).build();
      assertEquals(
          "AccessDeniedException", as(attacker, () -> Eye.outcome(() -> client.query(own))));
    }
  }
}
