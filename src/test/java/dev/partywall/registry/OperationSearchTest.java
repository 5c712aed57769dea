package dev.partywall.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.partywall.local.LocalDynamo;
import dev.partywall.tenancy.OperationKind;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.registry.Operation;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.DoubleAdder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/** Measures the capacity of one search for operations during 1,000 retentions. */
@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class OperationSearchTest {
  private static final int OPERATIONS = 1_000;
  private static final int BATCH = 25;

  private final LocalDynamo dynamo;

  OperationSearchTest(LocalDynamo dynamo) {
    this.dynamo = dynamo;
  }

  /** Adds the read units of each query. */
  private record MeasuredClient(DynamoDbClient engine, DoubleAdder units)
      implements DynamoDbClient {
    @Override
    public QueryResponse query(QueryRequest request) {
      var measured = request.toBuilder().returnConsumedCapacity(ReturnConsumedCapacity.TOTAL);
      var response = engine.query(measured.build());
      units.add(response.consumedCapacity().capacityUnits());
      return response;
    }

    @Override
    public String serviceName() {
      return engine.serviceName();
    }

    @Override
    public void close() {
      engine.close();
    }
  }

  @Test
  void aSearchConsumesHalfAUnitPer4Kilobytes() throws IOException {
    var fixture = new RegistryFixture(dynamo);
    var units = new DoubleAdder();
    try (var client = new MeasuredClient(dynamo.client(), units)) {
      store(client.engine(), fixture.prefix + "tenants");
      var registry =
          new DynamoTenantRegistry(client, fixture.prefix, fixture.clock, new SecureRandom());
      assertEquals(OPERATIONS, registry.operations().all().size());
    }
    fixture.close();
    assertEquals(37, units.sum(), "the number is in docs/operations.md");
  }

  private static void store(DynamoDbClient engine, String table) {
    var writes = new ArrayList<WriteRequest>();
    for (var i = 0; i < OPERATIONS; i++) {
      var item = OperationItem.of(retention(new TenantId("tenant-" + i)));
      writes.add(WriteRequest.builder().putRequest(put -> put.item(item)).build());
    }
    for (var i = 0; i < OPERATIONS; i += BATCH) {
      var batch = Map.of(table, List.copyOf(writes.subList(i, i + BATCH)));
      engine.batchWriteItem(write -> write.requestItems(batch));
    }
  }

  private static Operation retention(TenantId tenant) {
    var record = RegistryFixture.tenant(tenant);
    var id = "0b7f9f0e-6a3c-4f0a-9c53-2f1d7a5f7c11";
    return Operation.begun(
            record, OperationKind.OFFBOARDING, id, "retention", "olga", RegistryFixture.NOON)
        .with("formerStatus", "active")
        .with("deleteAfter", "2026-12-24T12:00:00Z");
  }
}
