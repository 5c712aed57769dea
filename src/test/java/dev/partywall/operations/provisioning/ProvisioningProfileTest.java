package dev.partywall.operations.provisioning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.local.LocalDynamo;
import dev.partywall.operations.offboarding.WriteHook;
import dev.partywall.registry.DynamoTenantRegistry;
import dev.partywall.registry.RegistryFixture;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.TenantRecord;
import dev.partywall.tenancy.TenantStatus;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Ends the owners of provisionings before or after random writes. {@code -Pdeletion} runs it with
 * 1,000 ends.
 */
@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class ProvisioningProfileTest {
  private static final int KILLS = Integer.getInteger("owner.kills", 4);
  private static final long SEED = 20_261_129;

  /** One write of this number ends its owner. */
  private static final int WRITES_PER_KILL = 4;

  private final Random random = new Random(SEED);
  private ProvisioningFixture fixture;

  @BeforeEach
  void start(LocalDynamo dynamo) throws IOException {
    fixture = new ProvisioningFixture(dynamo);
  }

  @AfterEach
  void close() throws IOException {
    fixture.close();
  }

  /** The process has ended. */
  private static final class EndOfProcess extends Error {
    private static final long serialVersionUID = 1;
  }

  /** Ends the owner before or after a random write. */
  private Object atRandom(Supplier<Object> call) {
    if (random.nextInt(WRITES_PER_KILL) > 0) {
      return call.get();
    }
    if (random.nextBoolean()) {
      var _ = call.get();
    }
    throw new EndOfProcess();
  }

  @Test
  @Timeout(value = 1, unit = TimeUnit.HOURS)
  void endsOfOwnersAtRandomWritesCreateEachTableOnce() {
    var tenants = 0;
    for (var kills = 0; kills < KILLS; tenants++) {
      var id = new TenantId("random-" + tenants);
      var tenant = fixture.register(id);
      fixture.tables.forgetBackups();
      var before = fixture.tables.proxy.calls().size();
      kills += killUntilTheEnd(id);
      assertActive(tenant, fixture.tables.proxy.calls());
      assertEquals(
          1,
          fixture.tables.proxy.calls().stream().skip(before).filter("CreateTable"::equals).count());
      deleteTable(id);
    }
    System.out.printf(
        "%d provisionings with %d ends of owners: each tenant is active with one table%n",
        tenants, KILLS);
  }

  /** Returns the number of owners that have ended before the operation. */
  private int killUntilTheEnd(TenantId id) {
    WriteHook hook = this::atRandom;
    var hooked =
        new DynamoTenantRegistry(
            hook.on(fixture.registry.client),
            fixture.registry.prefix,
            fixture.registry.clock,
            new SecureRandom());
    var kills = 0;
    while (fixture.store.find(id).isPresent()) {
      try {
        fixture.owner(hooked, id).run(fixture.steps(hook.on(fixture.tables.client)));
      } catch (EndOfProcess _) {
        kills++;
      }
    }
    return kills;
  }

  private void assertActive(TenantRecord tenant, List<String> calls) {
    var id = tenant.id();
    assertEquals(
        tenant.withStatus(TenantStatus.ACTIVE, RegistryFixture.NOON),
        fixture.tenants().find(id).orElseThrow());
    assertTrue(calls.contains("UpdateContinuousBackups"));
    for (var result : List.of("state=creating-table", "status=active")) {
      assertTrue(
          fixture.entries.lines().stream()
              .anyMatch(line -> line.contains("/" + id + " ") && line.contains(result)),
          () -> id + " has no entry with " + result);
    }
  }

  private void deleteTable(TenantId id) {
    var name = fixture.registry.prefix + "orders." + id;
    fixture.tables.client.updateTable(
        table -> table.tableName(name).deletionProtectionEnabled(false));
    fixture.tables.client.deleteTable(table -> table.tableName(name));
  }
}
