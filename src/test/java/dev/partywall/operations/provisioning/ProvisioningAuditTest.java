package dev.partywall.operations.provisioning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.local.LocalDynamo;
import dev.partywall.operations.lifecycle.OperationAudit;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.TenantStatus;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.SequencedMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** No step changes anything before its audit entry is written. */
@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class ProvisioningAuditTest {
  private static final TenantId ACME = ProvisioningFixture.ACME;

  private ProvisioningFixture fixture;

  @BeforeEach
  void start(LocalDynamo dynamo) throws IOException {
    fixture = new ProvisioningFixture(dynamo);
  }

  @AfterEach
  void close() throws IOException {
    fixture.close();
  }

  private String state() {
    return fixture.store.find(ACME).orElseThrow().state();
  }

  private static void block() {
    throw new ApiException(new ApiError.Unavailable("blocked", Duration.ofSeconds(1)));
  }

  /** Without room for the audit entry, nothing is changed. */
  @Test
  void changesNothingWithoutAnAuditEntry() {
    fixture.register();
    var full = new ApiException(new ApiError.Unavailable("full", Duration.ofSeconds(1)));
    var steps = fixture.steps(fixture.tables.client, new FullAudit(full));
    var owner = fixture.owner();
    assertEquals(full, assertThrows(ApiException.class, () -> owner.step(steps)));
    assertEquals(List.of(), fixture.tables.proxy.calls());
  }

  /** The end of the process would lose an entry that is not written. */
  @Test
  void changesNothingBeforeTheAuditEntryIsWritten() {
    fixture.register();
    fixture.entries.whenWaiting(ProvisioningAuditTest::block);
    var steps = fixture.steps(fixture.tables.client);
    var owner = fixture.owner();
    assertThrows(ApiException.class, () -> owner.step(steps));
    assertThrows(ApiException.class, () -> owner.step(steps));
    assertEquals(List.of(), fixture.tables.proxy.calls());
    fixture.entries.whenWaiting(() -> {});
    do {
      owner.step(steps);
    } while (!state().equals("protecting"));
    fixture.entries.whenWaiting(ProvisioningAuditTest::block);
    assertThrows(ApiException.class, () -> owner.step(steps));
    assertEquals(TenantStatus.PROVISIONING, fixture.tenants().find(ACME).orElseThrow().status());
  }

  private record FullAudit(ApiException failure) implements OperationAudit {
    @Override
    public void requireCapacity() {
      throw failure;
    }

    @Override
    public void announce(
        String action, String object, String outcome, SequencedMap<String, ?> details) {
      throw new AssertionError(action);
    }

    @Override
    public void record(
        String action, String object, String outcome, SequencedMap<String, ?> details) {
      throw new AssertionError(action);
    }

    @Override
    public void requireWritten() {
      throw new AssertionError();
    }
  }
}
