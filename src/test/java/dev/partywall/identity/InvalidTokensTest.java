package dev.partywall.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.error.TokenRejection;
import dev.partywall.tenancy.Identity;
import dev.partywall.tenancy.TenantId;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Tests that each invalid token is rejected; each has one fault compared to a valid token. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class InvalidTokensTest {
  private final AuthenticationFixture fixture = AuthenticationFixture.withoutPauses();
  private final TokenForge forge = new TokenForge(fixture);
  private final List<InvalidToken> invalidTokens = TokenCases.of(forge);

  @BeforeAll
  void publishKeys() {
    TokenCases.publishKeys(fixture);
  }

  @AfterAll
  void close() {
    fixture.close();
  }

  @Test
  void acceptsTheValidTokenThatTheOthersDeriveFrom() {
    assertEquals(
        new Identity.TenantUser(
            new TenantId("acme"),
            Optional.empty(),
            "alice",
            Set.of("orders:read", "orders:write"),
            fixture.origin()),
        fixture.verify(TokenForge.signed(forge.validToken())).identity());
    assertEquals(200, fixture.send(TokenForge.signed(forge.validToken())).status());
  }

  @Test
  void acceptsTheOperatorsTokenThatTheOthersDeriveFrom() {
    var token = fixture.operatorToken("tenants:read").signedBy(KeyPairs.OPERATORS);
    assertEquals(
        new Identity.Operator("olga", Set.of("tenants:read")), fixture.verify(token).identity());
  }

  @ParameterizedTest
  @FieldSource("invalidTokens")
  void rejectsEachTokenForItsReason(InvalidToken invalid) {
    var rejected = assertThrows(TokenRejectedException.class, () -> fixture.verify(invalid.text()));
    assertEquals(invalid.reason(), rejected.reason());
  }

  @ParameterizedTest
  @FieldSource("invalidTokens")
  void reportsTheReasonToOperators(InvalidToken invalid) {
    if (!invalid.canBeSent()) {
      assertThrows(IllegalArgumentException.class, () -> fixture.send(invalid.text()));
      return;
    }
    var rejection = assertThrows(ApiException.class, () -> fixture.send(invalid.text()));
    assertEquals(new ApiError.Unauthenticated(invalid.reason()), rejection.error());
  }

  @Test
  void containsManyTokensWithUniqueNames() {
    assertTrue(invalidTokens.size() >= 100, () -> "only " + invalidTokens.size());
    var names = new HashSet<String>();
    invalidTokens.forEach(invalid -> assertTrue(names.add(invalid.name()), invalid::name));
  }

  @Test
  void coversEveryReason() {
    var missing = EnumSet.allOf(TokenRejection.class);
    invalidTokens.forEach(invalid -> missing.remove(invalid.reason()));
    // The first two concern the request, and the others the registered tenant.
    assertEquals(
        EnumSet.of(
            TokenRejection.NO_BEARER,
            TokenRejection.MULTIPLE_AUTHORIZATION_FIELDS,
            TokenRejection.ISSUER_OF_OTHER_TENANTS,
            TokenRejection.EARLIER_INCARNATION),
        missing);
  }
}
