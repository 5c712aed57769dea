package dev.partywall.attack;

import dev.partywall.registry.DynamoTenantRegistry;
import dev.partywall.storage.IndexKeys;
import dev.partywall.storage.Key;
import dev.partywall.storage.content.ContentPages;
import dev.partywall.storage.content.ImportPart;
import dev.partywall.storage.content.ImportParts;
import dev.partywall.storage.content.ProgressItem;
import dev.partywall.storage.content.StoredItem;
import dev.partywall.tenancy.OperationKind;
import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantContext;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.TenantLocation;
import dev.partywall.tenancy.TenantLocations;
import dev.partywall.tenancy.TenantRecord;
import dev.partywall.tenancy.registry.Operation;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * The import of a tenant that has written some items of its file. Its parts, its progress and these
 * items are stored. It still receives parts, so the service does not complete it.
 */
record PartialImport(DynamoDbClient engine, String prefix, TenantLocations locations) {
  static final String TENANT = "acme-importing";

  private static final Instant EXPIRY = Instant.parse("2030-01-01T00:00:00Z");
  private static final String ID = "import-1";
  private static final int ITEMS = 3;

  /** Without a part for a day, the service would cancel the import. */
  private static final Duration UNTIL_LAST_PART = Duration.ofDays(365);

  /** Stores the import of the registered tenant, and returns the tenant with its items. */
  SeededTenant store(Canaries canaries, Instant now) {
    var registry =
        new DynamoTenantRegistry(engine, prefix, InstantSource.system(), new SecureRandom());
    var record = registry.find(new TenantId(TENANT)).orElseThrow();
    var during = record.withOperation(Optional.of(OperationKind.IMPORT));
    registry.operations().begin(operation(record, now), record, during);
    var tenant = new Tenant(record);
    var canary = canaries.issue(TENANT, new SecureRandom());
    TenantContext.run(tenant, () -> write(canary));
    var ids = IntStream.range(0, ITEMS).mapToObj(PartialImport::id).toList();
    ids.forEach(id -> canaries.register(id, TENANT));
    return new SeededTenant(tenant, locations.of(tenant), canary, ids, List.of());
  }

  private static Operation operation(TenantRecord tenant, Instant now) {
    return Operation.begun(tenant, OperationKind.IMPORT, ID, "receiving", "olga", now)
        .with("partAt", now.plus(UNTIL_LAST_PART).toString());
  }

  private void write(String canary) {
    var parts = new ImportParts(engine, locations, new SecureRandom());
    var items = IntStream.range(0, ITEMS).mapToObj(number -> item(number, canary)).toList();
    var file = items.toString().getBytes(StandardCharsets.UTF_8);
    parts.putChunk("upload-1", 1, 0, file);
    parts.complete(new ImportPart(ID, 1, "hash", file.length, 1, "upload-1"), Optional.empty());
    var before = new ProgressItem(engine, locations).fence(ID, 1, () -> {}, EXPIRY).orElseThrow();
    var after = before.next(Map.of("after", "order#" + id(ITEMS - 1)));
    var pages = ContentPages.of(engine, locations, parts, TenantLocation.FIRST_REVISION);
    var _ = pages.insert(items, before, after).orElseThrow();
  }

  private static StoredItem item(int number, String canary) {
    return new StoredItem(
        new Key("order", id(number)),
        1,
        Optional.of(new IndexKeys("placed", "alice")),
        SeededTenant.orderJson(canary, canary));
  }

  private static String id(int number) {
    return "01KBIMP0RT000000000000000" + number;
  }
}
