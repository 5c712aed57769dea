package dev.partywall.operations.tenants;

import static dev.partywall.operations.tenants.TenantsFixture.ACME;
import static dev.partywall.operations.tenants.TenantsFixture.SCOPES;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.local.LocalDynamo;
import dev.partywall.operations.tenants.TenantsFixture.TenantsResponse;
import dev.partywall.tenancy.OperationKind;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.TenantRecord;
import dev.partywall.tenancy.TenantStatus;
import dev.partywall.tenancy.registry.Operation;
import dev.partywall.tenancy.registry.OperationStore.Start;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests to delete tenants. No instance executes the deletions. */
@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class OffboardTenantTest {
  private static final TenantId ID = new TenantId("acme");

  private TenantsFixture tenants;

  @BeforeEach
  void start(LocalDynamo dynamo) throws IOException {
    tenants = new TenantsFixture(dynamo);
    assertEquals(201, tenants.post(ACME).status());
  }

  @AfterEach
  void stop() throws IOException {
    tenants.close();
  }

  private static String problem(TenantsResponse response) {
    return response.status() + " " + response.problem();
  }

  private TenantRecord stored() {
    return tenants.registry.registry.find(ID).orElseThrow();
  }

  private void changeStatus(TenantStatus status) {
    tenants.registry.registry.replace(stored().withStatus(status, tenants.clock.instant()));
  }

  @Test
  void rejectsTheTenantAtOnceAndDeletesItAfterTheRetention() {
    var response = tenants.delete("acme", "\"1\"", "");
    assertEquals(202, response.status());
    assertEquals("\"2\"", response.etag());
    assertEquals("private, no-cache", response.header("Cache-Control").orElseThrow());
    var expected =
        "{\"kind\":\"offboarding\",\"state\":\"retention\",\"done\":0,\"requestedBy\":\"olga\","
            + "\"startedAt\":\"2026-11-28T08:00:00.123Z\","
            + "\"deleteAfter\":\"2026-12-28T08:00:00.123Z\"}";
    assertEquals(expected, response.json().get("operation").toString());
    assertEquals("offboarding", response.json().get("status").textValue());
    assertEquals(TenantStatus.OFFBOARDING, stored().status());
    assertEquals(response.json(), tenants.get("/tenants/acme").json());
    assertEquals(response.json(), tenants.get("/tenants").json().at("/tenants/0"));
    assertEquals(
        "olga operator acme DELETE /tenants/{id} done 202",
        tenants.audited("/tenants/acme").lines().skip(1).findFirst().orElseThrow());
  }

  @ParameterizedTest
  @CsvSource({
    "PT0S, 2026-11-28T08:00:00.123Z", "P1D, 2026-11-29T08:00:00.123Z",
    "PT1H2M3S, 2026-11-28T09:02:03.123Z", "P3650D, 2036-11-25T08:00:00.123Z"
  })
  void theRequestDeterminesTheRetention(String retention, String end) {
    var response = tenants.delete("acme", "*", "?retention=" + retention);
    assertEquals(end, response.json().at("/operation/deleteAfter").textValue());
  }

  /** A slow clock would shorten the retention. Another instance can execute the request. */
  @Test
  void anInstanceWithAWrongClockBeginsNoDeletion() {
    tenants.registry.clockDifference.set(Optional.of(Duration.ofSeconds(-61)));
    var rejected = tenants.delete("acme", "\"1\"", "");
    assertEquals(503, rejected.status());
    assertEquals(
        "The clock of the instance differs from that of the registry by 61 s.", rejected.detail());
    assertEquals("2", rejected.header("Retry-After").orElseThrow());
    assertEquals(TenantStatus.ACTIVE, stored().status());
    tenants.registry.clockDifference.set(Optional.of(Duration.ofMinutes(-1)));
    assertEquals(202, tenants.delete("acme", "\"1\"", "").status());
  }

  @ParameterizedTest
  @EnumSource(
      value = TenantStatus.class,
      names = {"SUSPENDED", "FAILED"})
  void deletesSuspendedAndFailedTenants(TenantStatus status) {
    changeStatus(status);
    assertEquals(202, tenants.delete("acme", "\"2\"", "").status());
    var cancelled = tenants.patch("acme", "\"3\"", "{\"status\":\"active\"}");
    assertEquals(200, cancelled.status());
    assertEquals(status.label(), cancelled.json().get("status").textValue());
  }

  @Test
  void rejectsInvalidRequestsInTheOrderOfTheirPrecedence(LocalDynamo dynamo) throws IOException {
    for (var retention : new String[] {"30d", "P1W", "P3651D", ""}) {
      var invalid = tenants.delete("acme", "\"9\"", "?retention=" + retention);
      assertEquals(400, invalid.status(), retention);
    }
    var unconditional = tenants.send("olga", SCOPES, "DELETE", "/tenants/globex", null);
    assertEquals(428, unconditional.status());
    assertEquals(404, tenants.delete("globex", "\"1\"", "").status());
    assertEquals(412, tenants.delete("acme", "\"9\"", "").status());
    var reader =
        tenants.send("omar", "tenants:read", "DELETE", "/tenants/acme", null, "If-Match", "*");
    assertEquals("403 insufficient-scope", problem(reader));
    var withoutKey = new OffboardingRules(Duration.ZERO, false);
    try (var other = new TenantsFixture(dynamo, false, withoutKey)) {
      other.post(ACME);
      assertEquals(412, other.delete("acme", "\"9\"", "").status());
      assertEquals("422 receipt-key-missing", problem(other.delete("acme", "\"1\"", "")));
      assertEquals("active", other.get("/tenants/acme").json().get("status").textValue());
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = TenantStatus.class,
      names = {"PROVISIONING", "OFFBOARDED"})
  void rejectsTheDeletionOfATenantInAnotherState(TenantStatus status) {
    changeStatus(status);
    assertEquals("409 status-not-changeable", problem(tenants.delete("acme", "\"2\"", "")));
  }

  @Test
  void rejectsTheDeletionDuringAnotherOperation() {
    var export =
        Operation.begun(
            stored(), OperationKind.EXPORT, "1", "reading", "omar", tenants.clock.instant());
    assertInstanceOf(
        Start.Begun.class,
        tenants.registry.registry.operations().begin(export, stored(), stored()));
    assertEquals("409 operation-in-progress", problem(tenants.delete("acme", "\"1\"", "")));
    assertEquals(TenantStatus.ACTIVE, stored().status());
  }

  @Test
  void aRepeatedRequestReturnsTheRunningOperation() {
    var first = tenants.delete("acme", "\"1\"", "?retention=P7D");
    tenants.clock.advance(Duration.ofHours(1));
    for (var tag : new String[] {"\"1\"", "*"}) {
      var repeated = tenants.delete("acme", tag, "?retention=P7D");
      assertEquals(202, repeated.status());
      assertEquals(first.json(), repeated.json());
      assertEquals("\"2\"", repeated.etag());
    }
    assertEquals(
        "olga operator acme DELETE /tenants/{id} repeated 202",
        tenants.audited("/tenants/acme").lines().skip(2).findFirst().orElseThrow());
    assertEquals("409 operation-in-progress", problem(tenants.delete("acme", "*", "")));
    assertEquals(
        "409 operation-in-progress", problem(tenants.delete("acme", "\"2\"", "?retention=P7D")));
    assertEquals(412, tenants.delete("acme", "\"3\"", "?retention=P7D").status());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"status\":\"active\",\"name\":\"Acme AG\"}",
        "{\"operation\":null,\"name\":\"Acme AG\"}"
      })
  void aPatchCancelsTheDeletionDuringTheRetention(String patch) {
    tenants.delete("acme", "\"1\"", "");
    assertEquals(412, tenants.patch("acme", "\"1\"", patch).status());

    var cancelled = tenants.patch("acme", "\"2\"", patch);

    assertEquals(200, cancelled.status());
    assertEquals("active", cancelled.json().get("status").textValue());
    assertEquals("Acme AG", cancelled.json().get("name").textValue());
    assertEquals("\"3\"", cancelled.etag());
    assertEquals(cancelled.json(), tenants.get("/tenants/acme").json());
    assertEquals(202, tenants.delete("acme", "\"3\"", "").status());
  }

  /** The deletion begins after the request for the cancellation has read the record. */
  @Test
  void aCancellationForAnEarlierVersionDoesNotCancelTheDeletion() {
    var deletion = new AtomicInteger();
    tenants.registry.afterRead.set(
        () -> deletion.set(tenants.delete("acme", "\"1\"", "").status()));
    assertEquals(412, tenants.patch("acme", "\"1\"", "{\"operation\":null}").status());
    assertEquals(202, deletion.get());
    assertEquals(TenantStatus.OFFBOARDING, stored().status());
    assertEquals(
        "retention", tenants.registry.registry.operations().find(ID).orElseThrow().state());
  }

  /** Another deletion has begun since the request has read the record. */
  @Test
  void aCancellationForAnEarlierVersionIsStaleAlsoIfTheDeletionHasBegun() {
    tenants.delete("acme", "\"1\"", "");
    tenants.registry.afterRead.set(() -> {
      assertEquals(200, tenants.patch("acme", "\"2\"", "{\"operation\":null}").status());
      assertEquals(202, tenants.delete("acme", "\"3\"", "?retention=PT0S").status());
      beginDeletion();
    });
    assertEquals(412, tenants.patch("acme", "\"2\"", "{\"operation\":null}").status());
  }

  private void beginDeletion() {
    var operations = tenants.registry.registry.operations();
    var running = operations.find(ID).orElseThrow();
    assertTrue(operations.update(running, running.inState("deleting")));
  }

  @Test
  void theRecordAndItsOperationAreOfTheSameMoment() {
    tenants.registry.proxy.afterNext(
        "GetItem", () -> assertEquals(202, tenants.delete("acme", "\"1\"", "").status()));
    var read = tenants.get("/tenants/acme");
    assertEquals("\"2\"", read.etag());
    assertEquals("offboarding", read.json().get("status").textValue());
    assertEquals("offboarding", read.json().at("/operation/kind").textValue());
  }

  @Test
  void theResponseToAChangeShowsNoOperationOfALaterVersion() {
    tenants.registry.proxy.afterNext(
        "TransactWriteItems",
        () -> assertEquals(202, tenants.delete("acme", "\"2\"", "").status()));
    var changed = tenants.patch("acme", "\"1\"", "{\"name\":\"Acme AG\"}");
    assertEquals("\"2\"", changed.etag());
    assertFalse(changed.json().has("operation"), changed::text);
  }

  @Test
  void anInvalidPatchCancelsNothing() {
    tenants.delete("acme", "\"1\"", "");
    assertEquals(
        422, tenants.patch("acme", "\"2\"", "{\"status\":\"active\",\"tier\":\"no\"}").status());
    assertEquals(
        "409 status-not-changeable",
        problem(tenants.patch("acme", "\"2\"", "{\"status\":\"suspended\",\"operation\":null}")));
    assertEquals(TenantStatus.OFFBOARDING, stored().status());
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"status\":\"active\"}", "{\"operation\":null}"})
  void nothingCancelsADeletionThatHasBegun(String patch) {
    tenants.delete("acme", "\"1\"", "?retention=PT0S");
    beginDeletion();
    assertEquals("409 operation-in-progress", problem(tenants.patch("acme", "*", patch)));
    assertEquals(TenantStatus.OFFBOARDING, stored().status());
  }
}
