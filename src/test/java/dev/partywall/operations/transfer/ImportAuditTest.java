package dev.partywall.operations.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.local.LocalDynamo;
import dev.partywall.storage.content.StoredItem;
import dev.partywall.tenancy.Placement;
import dev.partywall.tenancy.TenantContext;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.registry.Operation;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** No step of an import makes a change before the audit entry of the change is written. */
@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class ImportAuditTest {
  private static final List<StoredItem> FORMER = ImportFixture.orders(3, "{\"b\":2}");
  private static final List<StoredItem> CONTENT = ImportFixture.orders(5, "{\"a\":1}");

  private final ImportFixture fixture;
  private final TenantId tenant;

  ImportAuditTest(LocalDynamo dynamo) {
    this.fixture = new ImportFixture(dynamo);
    this.tenant = fixture.register("acme", new Placement.Pool());
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private Optional<Operation> operation() {
    return fixture.operations.find(tenant);
  }

  private ImportFixture.Instance replacingUntil(String state, byte[] file) {
    fixture.store(tenant, FORMER);
    fixture.open(tenant, false, true, false);
    fixture.complete(tenant, file, 1);
    var instance = fixture.takeOver(tenant);
    while (!operation().orElseThrow().state().equals(state)) {
      instance.step();
    }
    return instance;
  }

  /** Executes a step twice whose entry is not written in time. */
  private void stepsWithLateEntry(ImportFixture.Instance instance) {
    fixture.output =
        () -> {
          throw new ApiException(new ApiError.Unavailable("late", Duration.ofSeconds(1)));
        };
    assertThrows(ApiException.class, instance::step);
    assertThrows(ApiException.class, instance::step);
    fixture.output = () -> {};
  }

  private boolean hasFence() {
    return TenantContext.call(
        fixture.tenant(tenant),
        () -> fixture.context(fixture.client).progress().find().isPresent());
  }

  private void assertReplaced() {
    assertEquals(fixture.expected(tenant, CONTENT), fixture.items(tenant));
    assertEquals(
        List.of(
            "/tenants/acme checked writing",
            "/tenants/acme switched switching",
            "/tenants/acme imported clearing"),
        fixture.audited);
  }

  @Test
  void theSwitchWritesNoRevisionBefore() {
    var instance = replacingUntil("switching", ImportFixture.file("acme", CONTENT));
    var items = fixture.items(tenant);
    stepsWithLateEntry(instance);
    assertEquals(items, fixture.items(tenant));
    assertEquals(1, fixture.registry.find(tenant).orElseThrow().contentRevision());
    instance.finish();
    assertReplaced();
  }

  @Test
  void theEndRemovesNoFenceBefore() {
    var instance = replacingUntil("clearing", ImportFixture.file("acme", CONTENT));
    stepsWithLateEntry(instance);
    assertTrue(hasFence());
    instance.finish();
    assertReplaced();
  }

  @Test
  void aRejectionRemovesNoFenceBefore() {
    var instance = replacingUntil("checking", ImportFixture.file("other", CONTENT));
    stepsWithLateEntry(instance);
    assertTrue(hasFence());
    assertEquals("checking", operation().orElseThrow().state());
    instance.step();
    assertEquals(List.of("/tenants/acme rejected other-tenant"), fixture.audited);
  }
}
