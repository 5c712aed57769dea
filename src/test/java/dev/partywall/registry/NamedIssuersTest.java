package dev.partywall.registry;

import static dev.partywall.registry.RegistryFixture.ACME;
import static dev.partywall.registry.RegistryFixture.GLOBEX;
import static dev.partywall.registry.RegistryFixture.next;
import static dev.partywall.registry.RegistryFixture.tenant;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.local.LocalDynamo;
import dev.partywall.tenancy.TenantRecord;
import dev.partywall.tenancy.TenantStatus;
import dev.partywall.tenancy.registry.TenantRegistry.RequestKey;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class NamedIssuersTest {
  private static final Optional<RequestKey> NO_KEY = Optional.empty();
  private static final String ISSUER = "https://idp.acme.example";
  private static final TenantRecord ACTIVE = tenant(ACME);

  private RegistryFixture fixture;
  private DynamoTenantRegistry registry;
  private TenantSnapshot snapshot;

  @BeforeEach
  void open(LocalDynamo dynamo) throws IOException {
    fixture = new RegistryFixture(dynamo);
    registry = fixture.registry;
    snapshot = newSnapshot();
  }

  @AfterEach
  void close() throws IOException {
    fixture.close();
  }

  private TenantSnapshot newSnapshot() {
    return new TenantSnapshot(registry, () -> {}, fixture.nanoClock::get);
  }

  private int calls(Runnable work) {
    var before = fixture.proxy.requests().size();
    work.run();
    return fixture.proxy.requests().size() - before;
  }

  @Test
  void countsTheTenantsThatNameAnIssuer() {
    var acme = next(tenant(ACME), Set.of("https://a", "https://b"));
    var globex = next(tenant(GLOBEX), Set.of("https://b"));
    registry.create(tenant(ACME), NO_KEY);
    registry.create(tenant(GLOBEX), NO_KEY);
    assertEquals(Set.of(), registry.changeLog().namedIssuers());
    registry.replace(acme);
    registry.replace(globex);
    assertEquals(Set.of("https://a", "https://b"), registry.changeLog().namedIssuers());
    registry.replace(next(acme, Set.of("https://c")));
    assertEquals(Set.of("https://b", "https://c"), registry.changeLog().namedIssuers());
    registry.replace(next(globex, TenantStatus.SUSPENDED));
    assertEquals(Set.of("https://b", "https://c"), registry.changeLog().namedIssuers());
    var suspended = next(globex, TenantStatus.SUSPENDED);
    registry.replace(next(suspended, TenantStatus.OFFBOARDED));
    assertEquals(Set.of("https://c"), registry.changeLog().namedIssuers());
    var flags = registry.changeLog().changes(1, 7).stream().map(ChangeLog.Change::namedIssuers);
    assertEquals(List.of(false, false, true, true, true, false, true), flags.toList());
    assertTrue(registry.changeLog().changes(8, 9).isEmpty());
  }

  @Test
  void anIssuerThatATenantNamesIsKnownWithoutACall() {
    registry.create(ACTIVE, NO_KEY);
    snapshot.poll();
    assertEquals(1, calls(() -> assertFalse(snapshot.isNamedByTenant(ISSUER))));
    assertEquals(0, calls(() -> assertFalse(snapshot.isNamedByTenant(ISSUER))));
    var naming = next(ACTIVE, Set.of(ISSUER));
    registry.replace(naming);
    snapshot.poll();
    assertEquals(0, calls(() -> assertTrue(snapshot.isNamedByTenant(ISSUER))));
    registry.replace(next(naming, Set.of()));
    snapshot.poll();
    assertEquals(0, calls(() -> assertFalse(snapshot.isNamedByTenant(ISSUER))));
    assertFalse(newSnapshot().isNamedByTenant(ISSUER));
  }

  @Test
  void issuersReadBeforeTheFirstPollAreReadAgain() {
    assertFalse(snapshot.isNamedByTenant(ISSUER));
    registry.create(next(ACTIVE, Set.of(ISSUER)), Optional.empty());
    snapshot.poll();
    assertTrue(snapshot.isNamedByTenant(ISSUER));
  }
}
