package dev.partywall.registry;

import static dev.partywall.registry.RegistryFixture.ACME;
import static dev.partywall.registry.RegistryFixture.GLOBEX;
import static dev.partywall.registry.RegistryFixture.NOON;
import static dev.partywall.registry.RegistryFixture.next;
import static dev.partywall.registry.RegistryFixture.tenant;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.local.LocalDynamo;
import dev.partywall.storage.Attributes;
import dev.partywall.storage.FaultInjectingClient;
import dev.partywall.tenancy.Overrides;
import dev.partywall.tenancy.Overrides.Limit;
import dev.partywall.tenancy.Placement;
import dev.partywall.tenancy.TenantRecord;
import dev.partywall.tenancy.TenantStatus;
import dev.partywall.tenancy.registry.TenantRegistry.Change;
import dev.partywall.tenancy.registry.TenantRegistry.Creation;
import dev.partywall.tenancy.registry.TenantRegistry.RequestKey;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.function.Executable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class DynamoTenantRegistryTest {
  private static final Optional<RequestKey> NO_KEY = Optional.empty();
  private static final Optional<RequestKey> KEY = Optional.of(new RequestKey("olga k-1", "aa"));

  private RegistryFixture fixture;
  private DynamoTenantRegistry registry;

  @BeforeEach
  void open(LocalDynamo dynamo) throws IOException {
    fixture = new RegistryFixture(dynamo);
    registry = fixture.registry;
  }

  @AfterEach
  void close() throws IOException {
    fixture.close();
  }

  @Test
  void returnsEveryFieldOfATenant() {
    var limits =
        Map.of(Limit.IN_FLIGHT, OptionalLong.of(7), Limit.MONTHLY_REQUESTS, OptionalLong.empty());
    var tenant =
        new TenantRecord(
            ACME,
            "Acme \"GmbH\" ✓",
            "premium",
            TenantStatus.PROVISIONING,
            new Placement.ShardedPool(4),
            new Overrides(limits, Map.of("order-notes", true, "exports", false)),
            Set.of("https://a.example", "https://b.example"),
            NOON,
            NOON.plusNanos(1),
            1,
            1);
    registry.create(tenant, NO_KEY);
    assertEquals(Optional.of(tenant), registry.find(ACME));
    assertEquals(Optional.empty(), registry.find(GLOBEX));
  }

  @Test
  void readsTheStoredFormOfTheFirstRelease() {
    var document =
        """
        {"id":"acme","name":"Acme","tier":"free","status":"suspended","placement":"silo",\
        "limits":{"weight":3,"burst":null,"later":1},"features":{"x":true},"issuers":["https://a"],\
        "createdAt":"2026-11-24T12:00:00Z","updatedAt":"2026-11-24T12:00:01Z","version":5,\
        "incarnation":2}\
        """;
    fixture.put(
        Map.of(
            "pk", AttributeValue.fromS("acme"),
            "sk", AttributeValue.fromS(".tenant"),
            "f", AttributeValue.fromN("1"),
            "doc", AttributeValue.fromS(document)));
    var limits = Map.of(Limit.WEIGHT, OptionalLong.of(3), Limit.BURST, OptionalLong.empty());
    var expected =
        new TenantRecord(
            ACME,
            "Acme",
            "free",
            TenantStatus.SUSPENDED,
            new Placement.Silo(),
            new Overrides(limits, Map.of("x", true)),
            Set.of("https://a"),
            NOON,
            NOON.plusSeconds(1),
            5,
            2);
    assertEquals(Optional.of(expected), registry.find(ACME));
  }

  @Test
  void rejectsAnItemOfALaterFormat() {
    fixture.put(
        Map.of(
            "pk", AttributeValue.fromS("acme"),
            "sk", AttributeValue.fromS(".tenant"),
            "f", AttributeValue.fromN("2"),
            "doc", AttributeValue.fromS(TenantItem.document(tenant(ACME)))));
    assertThrows(IllegalStateException.class, () -> registry.find(ACME));
  }

  @Test
  void createsATenantOnce() {
    assertEquals(new Creation.Created(), registry.create(tenant(ACME), NO_KEY));
    assertEquals(new Creation.Exists(tenant(ACME)), registry.create(tenant(ACME), NO_KEY));
    assertEquals(1, registry.changeLog().sequence());
  }

  @Test
  void replacesOnlyThePrecedingVersion() {
    var first = tenant(ACME);
    var second = next(first, TenantStatus.SUSPENDED);
    assertEquals(new Change.Missing(), registry.replace(second));
    registry.create(first, NO_KEY);
    assertEquals(new Change.Replaced(), registry.replace(second));
    assertEquals(new Change.Stale(second), registry.replace(second));
    assertEquals(Optional.of(second), registry.find(ACME));
    assertEquals(2, registry.changeLog().sequence());
  }

  @Test
  void registersADeletedIdAgainWithTheNextIncarnation() {
    var deleted = next(tenant(ACME), TenantStatus.OFFBOARDED);
    registry.create(tenant(ACME), NO_KEY);
    registry.replace(deleted);
    var second = incarnation(2);
    assertEquals(new Creation.Exists(deleted), registry.create(incarnation(1), NO_KEY));
    assertEquals(new Creation.Exists(deleted), registry.create(incarnation(3), NO_KEY));
    assertEquals(new Creation.Created(), registry.create(second, NO_KEY));
    // The version equals, but the incarnation does not.
    assertEquals(
        new Change.Stale(second), registry.replace(next(tenant(ACME), TenantStatus.SUSPENDED)));
  }

  private static TenantRecord incarnation(int incarnation) {
    var tenant = tenant(ACME);
    return new TenantRecord(
        tenant.id(),
        "incarnation " + incarnation,
        tenant.tier(),
        tenant.status(),
        tenant.placement(),
        tenant.overrides(),
        tenant.issuers(),
        NOON,
        NOON,
        1,
        incarnation);
  }

  @Test
  void repeatsTheResultOfARequestFor24Hours() {
    assertEquals(new Creation.Created(), registry.create(tenant(ACME), KEY));
    registry.replace(next(tenant(ACME), TenantStatus.SUSPENDED));
    fixture.clock.advance(Duration.ofHours(24));
    assertEquals(new Creation.Repeated(tenant(ACME)), registry.create(tenant(ACME), KEY));
    assertEquals(new Creation.Repeated(tenant(ACME)), registry.create(tenant(GLOBEX), KEY));
    var otherContent = Optional.of(new RequestKey("olga k-1", "bb"));
    assertEquals(new Creation.KeyReused(), registry.create(tenant(GLOBEX), otherContent));
    assertEquals(Optional.empty(), registry.find(GLOBEX));
    fixture.clock.advance(Duration.ofSeconds(2));
    assertEquals(new Creation.Created(), registry.create(tenant(GLOBEX), KEY));
  }

  @Test
  void aRejectedCreationLeavesItsKeyUnused() {
    registry.create(tenant(ACME), NO_KEY);
    assertEquals(new Creation.Exists(tenant(ACME)), registry.create(tenant(ACME), KEY));
    assertEquals(new Creation.Created(), registry.create(tenant(GLOBEX), KEY));
  }

  @Test
  void reportsAnOutage() {
    fixture.proxy.handleWith(FaultInjectingClient.DISCONNECT);
    assertUnavailable(() -> registry.find(ACME));
    assertUnavailable(() -> registry.create(tenant(ACME), NO_KEY));
    assertUnavailable(() -> registry.replace(next(tenant(ACME), TenantStatus.SUSPENDED)));
  }

  private static void assertUnavailable(Executable call) {
    var failure = assertThrows(ApiException.class, call);
    assertInstanceOf(ApiError.Unavailable.class, failure.error());
  }

  @Test
  void keepsTheLatest10000Changes() {
    registry.create(tenant(ACME), NO_KEY);
    fixture.put(
        Map.of(
            "pk", AttributeValue.fromS(".sequence"),
            "sk", AttributeValue.fromS("tenants"),
            "f", AttributeValue.fromN("1"),
            "s", AttributeValue.fromN("9999")));
    registry.create(tenant(GLOBEX), NO_KEY);
    assertEquals(List.of("0000000000000000001", "0000000000000010000"), storedChanges());
    registry.replace(next(tenant(GLOBEX), TenantStatus.SUSPENDED));
    assertEquals(List.of("0000000000000010000", "0000000000000010001"), storedChanges());
  }

  private List<String> storedChanges() {
    return fixture.items(".changes").stream()
        .map(item -> Attributes.requiredText(item, "sk"))
        .toList();
  }
}
