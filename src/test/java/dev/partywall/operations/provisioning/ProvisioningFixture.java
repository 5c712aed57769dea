package dev.partywall.operations.provisioning;

import dev.partywall.local.LocalDynamo;
import dev.partywall.operations.lifecycle.OperationAudit;
import dev.partywall.operations.lifecycle.OperationRunner;
import dev.partywall.operations.lifecycle.OperationSteps;
import dev.partywall.operations.lifecycle.RecordedSteps;
import dev.partywall.operations.lifecycle.TenantOperations;
import dev.partywall.operations.lifecycle.TestOwner;
import dev.partywall.registry.DynamoTenantRegistry;
import dev.partywall.registry.RegistryFixture;
import dev.partywall.storage.TestPlacements;
import dev.partywall.storage.content.ContentDeletion;
import dev.partywall.storage.silo.SiloTables;
import dev.partywall.storage.silo.SiloTablesFixture;
import dev.partywall.tenancy.Placement;
import dev.partywall.tenancy.RequestGenerations;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.TenantLocations;
import dev.partywall.tenancy.TenantRecord;
import dev.partywall.tenancy.TenantStatus;
import dev.partywall.tenancy.TestExecution;
import dev.partywall.tenancy.registry.OperationStore;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** A registry and the tables of silos, for the provisioning of tenants. */
final class ProvisioningFixture implements AutoCloseable {
  static final TenantId ACME = new TenantId("acme");

  final AtomicLong nanoTime = new AtomicLong();
  final RequestGenerations requests = new RequestGenerations(nanoTime::get);
  final RecordedSteps entries = new RecordedSteps();
  final RegistryFixture registry;
  final SiloTablesFixture tables;
  final OperationStore store;

  ProvisioningFixture(LocalDynamo dynamo) throws IOException {
    registry = new RegistryFixture(dynamo);
    tables = new SiloTablesFixture(dynamo);
    store = registry.registry.operations();
  }

  DynamoTenantRegistry tenants() {
    return registry.registry;
  }

  /** Lets time pass on both clocks. */
  void advance(Duration time) {
    registry.clock.advance(time);
    nanoTime.addAndGet(time.toNanos());
  }

  TenantRecord register() {
    return register(ACME);
  }

  /** Registers a tenant in a silo, and begins its provisioning. */
  TenantRecord register(TenantId id) {
    var tenant =
        TestPlacements.registration(id, new Placement.Silo())
            .withStatus(TenantStatus.PROVISIONING, RegistryFixture.NOON);
    var silos = new SiloProvisioning(operations(), () -> "first");
    tenants().create(tenant, Optional.empty(), Optional.of(silos.of(tenant, "olga")));
    return tenant;
  }

  /** Returns the operations with a runner that executes none. */
  TenantOperations operations() {
    return new TenantOperations(store, runner());
  }

  /** Returns a runner that executes these steps. */
  OperationRunner runner(OperationSteps... steps) {
    return new OperationRunner(
        store,
        tenants(),
        List.of(steps),
        TestExecution::create,
        () -> UUID.randomUUID().toString(),
        nanoTime::get);
  }

  ProvisioningSteps steps(DynamoDbClient client) {
    return steps(client, entries);
  }

  ProvisioningSteps steps(DynamoDbClient client, OperationAudit audit) {
    return steps(client, Optional.of(new SiloTables(client)), audit);
  }

  /** Returns the steps of an instance without the provisioner role. */
  ProvisioningSteps stepsWithoutProvisioner() {
    return steps(tables.client, Optional.empty(), entries);
  }

  private ProvisioningSteps steps(
      DynamoDbClient client, Optional<SiloTables> silos, OperationAudit audit) {
    var locations = new TenantLocations(registry.prefix + "orders");
    return new ProvisioningSteps(
        silos,
        locations,
        new ContentDeletion(client, locations)::isEmpty,
        requests,
        audit,
        registry.clock);
  }

  TestOwner owner() {
    return owner(ACME);
  }

  TestOwner owner(TenantId id) {
    return owner(tenants(), id);
  }

  TestOwner owner(DynamoTenantRegistry of, TenantId id) {
    return new TestOwner(of, of.operations(), id, nanoTime::get);
  }

  @Override
  public void close() throws IOException {
    tables.close();
    registry.close();
  }
}
