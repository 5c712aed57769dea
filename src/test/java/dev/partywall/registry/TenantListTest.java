package dev.partywall.registry;

import static dev.partywall.registry.RegistryFixture.next;
import static dev.partywall.registry.RegistryFixture.tenant;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.partywall.local.LocalDynamo;
import dev.partywall.storage.FaultInjectingClient;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.TenantRecord;
import dev.partywall.tenancy.TenantStatus;
import dev.partywall.tenancy.registry.TenantRegistry.TenantFilter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.dynamodb.model.PutRequest;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class TenantListTest {
  private static final TenantFilter ALL = new TenantFilter(Optional.empty(), Optional.empty());
  private static final TenantFilter SUSPENDED =
      new TenantFilter(Optional.of(TenantStatus.SUSPENDED), Optional.empty());
  private static final TenantFilter PREMIUM =
      new TenantFilter(Optional.empty(), Optional.of("premium"));

  private final LocalDynamo dynamo;
  private RegistryFixture fixture;

  TenantListTest(LocalDynamo dynamo) {
    this.dynamo = dynamo;
  }

  @BeforeEach
  void open() throws IOException {
    fixture = new RegistryFixture(dynamo);
  }

  @AfterEach
  void close() throws IOException {
    fixture.close();
  }

  @Test
  void listsTenantsInTheOrderOfTheirIds() {
    for (var id : List.of("b", "zeta", "0", "a-1", "a", "a0")) {
      fixture.registry.create(tenant(new TenantId(id)), Optional.empty());
    }
    assertEquals(
        List.of(List.of("0", "a"), List.of("a-1", "a0"), List.of("b", "zeta")), pages(ALL, 2));
    assertEquals(List.of(List.of("0", "a", "a-1", "a0"), List.of("b", "zeta")), pages(ALL, 4));
    assertEquals(List.of(List.of("0", "a", "a-1", "a0", "b", "zeta")), pages(ALL, 100));
  }

  @Test
  void anEmptyRegistryHasOneEmptyPage() {
    assertEquals(List.of(List.of()), pages(ALL, 1));
  }

  @Test
  void listsTheCurrentRecords() {
    var acme = tenant(RegistryFixture.ACME);
    var changed = next(acme, TenantStatus.SUSPENDED);
    fixture.registry.create(acme, Optional.empty());
    fixture.registry.replace(changed);
    var page = fixture.registry.list(SUSPENDED, Optional.empty(), 1);
    assertEquals(List.of(changed), page.tenants());
    assertEquals(Optional.empty(), page.next());
  }

  @Test
  void pagesOfAFilteredListAreFull() {
    store(IntStream.range(0, 800).mapToObj(i -> record(i, i % 200 == 199)).toList());
    var expected = List.of(List.of("t00199", "t00399"), List.of("t00599", "t00799"));
    assertEquals(expected, pages(SUSPENDED, 2));
    assertEquals(expected, pages(PREMIUM, 2));
    var both = new TenantFilter(Optional.of(TenantStatus.ACTIVE), Optional.of("premium"));
    assertEquals(List.of(List.of()), pages(both, 2));
  }

  @Test
  void aPageReadsABoundedNumberOfTenants() {
    var reply =
        """
        {"Items":[],"Count":0,"ScannedCount":500,"ConsumedCapacity":{"CapacityUnits":128},\
        "LastEvaluatedKey":{"pk":{"S":".tenants"},"sk":{"S":"t499"}}}\
        """;
    fixture.proxy.handleOperationWith("Query", FaultInjectingClient.replyWith(200, reply));
    var calls = fixture.proxy.requests().size();
    var page = fixture.registry.list(SUSPENDED, Optional.empty(), 2);
    assertEquals(List.of(), page.tenants());
    assertEquals(Optional.of(new TenantId("t499")), page.next());
    assertEquals(20, fixture.proxy.requests().size() - calls);
  }

  /** Returns a tenant that is suspended and premium, or neither. */
  private static TenantRecord record(int number, boolean special) {
    var tenant = tenant(new TenantId("t%05d".formatted(number)));
    return new TenantRecord(
        tenant.id(),
        tenant.name(),
        special ? "premium" : "free",
        special ? TenantStatus.SUSPENDED : TenantStatus.ACTIVE,
        tenant.placement(),
        tenant.overrides(),
        tenant.issuers(),
        tenant.createdAt(),
        tenant.updatedAt(),
        1,
        1);
  }

  /** Stores copies for lists directly, which is faster than registering each tenant. */
  private void store(List<TenantRecord> tenants) {
    var writes =
        tenants.stream()
            .map(TenantItem::listed)
            .map(item -> WriteRequest.builder().putRequest(PutRequest.builder().item(item).build()))
            .map(WriteRequest.Builder::build)
            .toList();
    try (var client = dynamo.client()) {
      for (var start = 0; start < writes.size(); start += 25) {
        var batch = writes.subList(start, Math.min(start + 25, writes.size()));
        client.batchWriteItem(
            write -> write.requestItems(Map.of(fixture.prefix + "tenants", batch)));
      }
    }
  }

  /** Returns the ids on all pages. */
  private List<List<String>> pages(TenantFilter filter, int limit) {
    var pages = new ArrayList<List<String>>();
    var next = Optional.<TenantId>empty();
    do {
      var page = fixture.registry.list(filter, next, limit);
      pages.add(page.tenants().stream().map(tenant -> tenant.id().value()).toList());
      next = page.next();
    } while (next.isPresent());
    return pages;
  }
}
