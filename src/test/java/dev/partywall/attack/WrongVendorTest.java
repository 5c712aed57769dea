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

/** Credentials come from, or lie under, the wrong name. */
@ExtendWith(SharedHouse.class)
class WrongVendorTest {
  private final House house;
  private final Resident me;
  private final Resident them;

  WrongVendorTest(House house) {
    this.house = house;
    this.me = house.resident("acme");
    this.them = house.resident("acme2");
  }

  private TenantSession session(Resident holder, Resident name) {
    var credentials =
        TenantContext.call(
            holder.tenant(), () -> house.crowbar().credentials().resolveCredentials());
    return new TenantSession(
        name.tenant().id(),
        name.home(),
        (AwsSessionCredentials) credentials,
        house.clock().instant().plus(Duration.ofHours(1)));
  }

  private TenantCredentials from(CredentialVendor vendor) {
    var vending =
        new Vending(
            vendor, Thread::startVirtualThread, house.clock(), () -> 0.5, CredentialListener.NONE);
    return new TenantCredentials(vending, house.placements()::homeOf, 100);
  }

  private <T> T as(Resident resident, Supplier<T> work) {
    return TenantContext.call(resident.tenant(), work::get);
  }

  @Test
  void aVendorThatHandsOutAnothersIsFoundOutBeforeAnythingIsSent() {
    var credentials = from((_, _) -> session(them, them));
    assertThrows(Refused.class, () -> as(me, credentials::resolveCredentials));
  }

  @Test
  void anothersCredentialsUnderTheTenantsOwnNameOpenNothingOfItsOwnItemsNorShowAnothers() {
    var credentials = from((_, _) -> session(them, me));
    try (var client =
        DynamoDbClient.builder()
            .region(Region.of(Target.LOCAL.region()))
            .endpointOverride(house.aws().aws().endpoint())
            .credentialsProvider(credentials)
            .build()) {
      // The first lock still asks for the bound tenant's key, and these credentials don't open
      // that.
      var own = WallTricks.query(me.home().table(), me.name()).build();
      assertEquals("AccessDeniedException", as(me, () -> Eye.outcome(() -> client.query(own))));
    }
  }
}
