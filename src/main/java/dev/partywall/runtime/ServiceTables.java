package dev.partywall.runtime;

import dev.partywall.metering.ledger.Ledger;
import dev.partywall.operations.Provisioning;
import dev.partywall.registry.DynamoTenantRegistry;
import dev.partywall.storage.Schema;
import dev.partywall.storage.TableProvisioning;
import java.util.List;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** The tables that the service needs, and their preparation. */
record ServiceTables(Settings.StorageSettings storage) {

  /**
   * Returns the preparation of the tables. The provisioner role creates missing tables; if none is
   * configured, the service itself creates them.
   *
   * @param own a client with the service's own credentials
   */
  Provisioning provisioning(DynamoDbClient own, AwsClients aws) {
    var tables =
        storage
            .provisionerRole()
            .map(role -> new TableProvisioning(own, aws.assumedDynamo(role), schemas()))
            .orElseGet(() -> new TableProvisioning(own, schemas()));
    return new Provisioning(tables, storage.createTables());
  }

  private List<Schema> schemas() {
    var prefix = storage.tablePrefix();
    return List.of(
        Schema.ofTenants(storage.pool()),
        Ledger.schema(prefix),
        DynamoTenantRegistry.schema(prefix));
  }
}
