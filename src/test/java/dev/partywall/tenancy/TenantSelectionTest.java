package dev.partywall.tenancy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiError.Forbidden;
import dev.partywall.error.ApiError.Forbidden.Reason;
import dev.partywall.error.ApiError.Unauthenticated;
import dev.partywall.error.ApiException;
import dev.partywall.error.TokenRejection;
import dev.partywall.tenancy.Identity.Origin;
import dev.partywall.tenancy.Identity.TenantUser;
import dev.partywall.tenancy.TenantSelection.UnknownTenants;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class TenantSelectionTest {
  private static final TenantId ACME = new TenantId("acme");
  private static final String SHARED_ISSUER = "https://shared.example";
  private static final String ACME_ISSUER = "https://idp.acme.example";
  private static final ApiError OTHER_ISSUER =
      new Unauthenticated(TokenRejection.ISSUER_OF_OTHER_TENANTS);

  /** A directory with one tenant, whose issuers are the only ones that a tenant names. */
  private record OneTenant(TenantRecord tenant) implements TenantDirectory {
    @Override
    public Optional<TenantRecord> find(TenantId id) {
      return Optional.of(tenant).filter(known -> known.id().equals(id));
    }

    @Override
    public boolean isNamedByTenant(String issuer) {
      return tenant.issuers().contains(issuer);
    }
  }

  private static TenantRecord acme(TenantStatus status, Set<String> issuers, int incarnation) {
    return acme("premium", status, issuers, incarnation);
  }

  private static TenantRecord acme(
      String tier, TenantStatus status, Set<String> issuers, int incarnation) {
    return new TenantRecord(
        ACME,
        "Acme",
        tier,
        status,
        new Placement.Silo(),
        new Overrides(Map.of(), Map.of("order-notes", true)),
        issuers,
        Instant.parse("2026-11-28T10:00:00.900Z"),
        Instant.parse("2026-11-28T11:00:00Z"),
        7,
        incarnation);
  }

  private static TenantUser user(String tenant, String issuer, OptionalLong issuedAt) {
    return new TenantUser(
        new TenantId(tenant),
        Optional.of("standard"),
        "alice",
        Set.of(),
        new Origin(issuer, issuedAt));
  }

  private static TenantUser user(String tenant, String issuer) {
    return user(tenant, issuer, OptionalLong.empty());
  }

  private static TenantSelection selection(TenantRecord tenant, UnknownTenants unknown) {
    return selection(tenant, unknown, unknownTiers(InstantSource.system()));
  }

  private static TenantSelection selection(
      TenantRecord tenant, UnknownTenants unknown, UnknownTiers unknownTiers) {
    return new TenantSelection(new OneTenant(tenant), unknown, unknownTiers);
  }

  private static UnknownTiers unknownTiers(InstantSource clock) {
    return new UnknownTiers(Tiers.BUILT_IN, clock);
  }

  private static ApiError rejection(TenantSelection selection, TenantUser user) {
    return assertThrows(ApiException.class, () -> selection.apply(user)).error();
  }

  @Test
  void theRegistrationDeterminesTierAndPlacementAndNotTheToken() {
    var registered = acme(TenantStatus.ACTIVE, Set.of(), 1);
    var tenant = selection(registered, UnknownTenants.REFUSE).apply(user("acme", SHARED_ISSUER));
    assertEquals(ACME, tenant.id());
    assertEquals(Optional.of("premium"), tenant.tier());
    assertEquals(new Placement.Silo(), tenant.placement());
    assertEquals(Map.of("order-notes", true), tenant.overrides().features());
  }

  @ParameterizedTest
  @CsvSource({
    "PROVISIONING, TENANT_NOT_ACTIVE",
    "FAILED, TENANT_NOT_ACTIVE",
    "SUSPENDED, TENANT_SUSPENDED",
    "OFFBOARDING, TENANT_NOT_ACTIVE",
    "OFFBOARDED, UNKNOWN_TENANT"
  })
  void rejectsATenantThatIsNotActive(TenantStatus status, Reason reason) {
    for (var unknown : UnknownTenants.values()) {
      var selection = selection(acme(status, Set.of(), 1), unknown);
      assertEquals(new Forbidden(reason), rejection(selection, user("acme", SHARED_ISSUER)));
    }
  }

  @Test
  void rejectsAnUnknownTenantByDefault() {
    var selection = selection(acme(TenantStatus.ACTIVE, Set.of(), 1), UnknownTenants.REFUSE);
    assertEquals(
        new Forbidden(Reason.UNKNOWN_TENANT), rejection(selection, user("acme2", SHARED_ISSUER)));
  }

  @Test
  void servesAnUnknownTenantWithTheTierOfItsTokenIfConfigured() {
    var selection = selection(acme(TenantStatus.ACTIVE, Set.of(), 1), UnknownTenants.ALLOW);
    assertEquals(
        new Tenant(new TenantId("acme2"), "standard"),
        selection.apply(user("acme2", SHARED_ISSUER)));
    var withoutTier =
        new TenantUser(
            new TenantId("acme2"), Optional.empty(), "bob", Set.of(), TestExecution.ORIGIN);
    assertEquals(new Tenant(new TenantId("acme2"), "free"), selection.apply(withoutTier));
  }

  @ParameterizedTest
  @EnumSource(TenantStatus.class)
  void onlyTheNamedIssuersReachATenantThatNamesSome(TenantStatus status) {
    var selection = selection(acme(status, Set.of(ACME_ISSUER), 1), UnknownTenants.ALLOW);
    assertEquals(OTHER_ISSUER, rejection(selection, user("acme", SHARED_ISSUER)));
    if (status == TenantStatus.ACTIVE) {
      assertEquals(ACME, selection.apply(user("acme", ACME_ISSUER)).id());
    }
  }

  @Test
  void aNamedIssuerReachesNoTenantThatDoesNotNameIt() {
    var named = selection(acme(TenantStatus.ACTIVE, Set.of(ACME_ISSUER), 1), UnknownTenants.ALLOW);
    assertEquals(OTHER_ISSUER, rejection(named, user("globex", ACME_ISSUER)));
    var globex = acme(TenantStatus.ACTIVE, Set.of(), 1);
    TenantDirectory otherTenantNamesIt =
        new TenantDirectory() {
          @Override
          public Optional<TenantRecord> find(TenantId id) {
            return Optional.of(globex);
          }

          @Override
          public boolean isNamedByTenant(String issuer) {
            return issuer.equals(ACME_ISSUER);
          }
        };
    var selection =
        new TenantSelection(
            otherTenantNamesIt, UnknownTenants.REFUSE, unknownTiers(InstantSource.system()));
    assertEquals(OTHER_ISSUER, rejection(selection, user("acme", ACME_ISSUER)));
    assertEquals(ACME, selection.apply(user("acme", SHARED_ISSUER)).id());
  }

  @Test
  void anActiveTenantOfAnUnknownTierStaysReported() {
    var now = new AtomicReference<>(Instant.parse("2026-11-28T12:00:00Z"));
    var unknownTiers = unknownTiers(now::get);
    var gold = acme("gold", TenantStatus.ACTIVE, Set.of(), 1);
    var selection = selection(gold, UnknownTenants.REFUSE, unknownTiers);
    for (var i = 0; i < 3; i++) {
      now.updateAndGet(time -> time.plus(Duration.ofMinutes(6)));
      assertEquals(Optional.empty(), unknownTiers.problem());
      selection.apply(user("acme", SHARED_ISSUER));
      assertTrue(unknownTiers.problem().isPresent());
    }
  }

  @Test
  void aLaterIncarnationAcceptsNoTokenFromBeforeItsStart() {
    var selection = selection(acme(TenantStatus.ACTIVE, Set.of(), 2), UnknownTenants.REFUSE);
    var start =
        Instant.parse("2026-11-28T10:00:00Z").toEpochMilli(); // the record's, cut to seconds
    assertEquals(ACME, selection.apply(user("acme", SHARED_ISSUER, OptionalLong.of(start))).id());
    for (var issuedAt : new OptionalLong[] {OptionalLong.of(start - 1), OptionalLong.empty()}) {
      assertEquals(
          new Unauthenticated(TokenRejection.EARLIER_INCARNATION),
          rejection(selection, user("acme", SHARED_ISSUER, issuedAt)));
    }
  }

  @Test
  void theFirstIncarnationAcceptsATokenWithoutTimeOfIssue() {
    var selection = selection(acme(TenantStatus.ACTIVE, Set.of(), 1), UnknownTenants.REFUSE);
    for (var issuedAt : new OptionalLong[] {OptionalLong.of(0), OptionalLong.empty()}) {
      assertEquals(ACME, selection.apply(user("acme", SHARED_ISSUER, issuedAt)).id());
    }
  }
}
