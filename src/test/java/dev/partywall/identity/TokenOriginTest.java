package dev.partywall.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.partywall.local.LocalToken;
import dev.partywall.tenancy.Identity.Origin;
import dev.partywall.tenancy.Identity.TenantUser;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TokenOriginTest {
  private final AuthenticationFixture fixture = AuthenticationFixture.withKeys();

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void isTheIssuerAndTheTimeOfIssue() {
    var issuedAt = fixture.clock.instant().getEpochSecond() - 5;
    assertEquals(
        new Origin(fixture.issuer.name(), OptionalLong.of(issuedAt * 1000)),
        origin(fixture.token().claim("iat", issuedAt)));
    assertEquals(
        new Origin(fixture.issuer.name(), OptionalLong.empty()),
        origin(fixture.token().withoutClaim("iat")));
  }

  private Origin origin(LocalToken token) {
    var verified = fixture.verify(token.signedBy(fixture.issuer.key()));
    return assertInstanceOf(TenantUser.class, verified.identity()).origin();
  }
}
