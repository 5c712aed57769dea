package dev.partywall.attack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.partywall.error.ApiException;
import dev.partywall.isolation.CredentialIssuer;
import dev.partywall.isolation.CredentialIssuing;
import dev.partywall.isolation.CredentialListener;
import dev.partywall.isolation.TenantCredentials;
import dev.partywall.isolation.TenantSession;
import dev.partywall.local.aws.CloudFormationTemplate.DeploymentTarget;
import dev.partywall.tenancy.TenantContext;
import dev.partywall.tenancy.TestExecution;
import java.time.Duration;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** The credential issuer returns credentials of the wrong tenant. */
@WithAttackFixture
class WrongCredentialIssuerTest {
  private final AttackFixture fixture;
  private final SeededTenant attacker;
  private final SeededTenant target;

  WrongCredentialIssuerTest(AttackFixture fixture) {
    this.fixture = fixture;
    this.attacker = fixture.tenant("acme");
    this.target = fixture.tenant("acme2");
  }

  private TenantSession session(SeededTenant owner, SeededTenant declared) {
    var credentials =
        TenantContext.call(
            owner.asTenant(), () -> fixture.rawClient().credentials().resolveCredentials());
    return new TenantSession(
        declared.asTenant().id(),
        declared.location(),
        (AwsSessionCredentials) credentials,
        fixture.clock().instant().plus(Duration.ofHours(1)));
  }

  private TenantCredentials from(CredentialIssuer issuer) {
    var issuing =
        new CredentialIssuing(
            issuer,
            Thread::startVirtualThread,
            TestExecution::create,
            fixture.clock(),
            () -> 0.5,
            CredentialListener.NONE);
    return new TenantCredentials(
        issuing, tenant -> fixture.placements().locationOf(tenant.id()), 100);
  }

  private <T> T as(SeededTenant tenant, Supplier<T> work) {
    return TenantContext.call(tenant.asTenant(), work::get);
  }

  @Test
  void rejectsCredentialsDeclaredForAnotherTenantBeforeAnyRequestIsSent() {
    var credentials = from((_, _) -> session(target, target));
    assertThrows(ApiException.class, () -> as(attacker, credentials::resolveCredentials));
  }

  @Test
  void foreignCredentialsDeclaredAsOwnGiveNoAccessToOwnOrForeignItems() {
    var credentials = from((_, _) -> session(target, attacker));
    try (var client =
        DynamoDbClient.builder()
            .region(Region.of(DeploymentTarget.LOCAL.region()))
            .endpointOverride(fixture.aws().aws().endpoint())
            .credentialsProvider(credentials)
            .build()) {
      // Isolation layer 1 still requests the bound tenant's key, to which these credentials give
      // no access.
      var own = PolicyAttacks.query(attacker.location().table(), attacker.name()).build();
      assertEquals(
          "AccessDeniedException",
          as(attacker, () -> ResponseProbe.outcome(() -> client.query(own))));
    }
  }
}
