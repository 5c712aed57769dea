package dev.partywall.operations.transfer;

import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantLocation;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** The tables from which a tenant's content can be read. */
public interface ExportSources {
  /** The prefix of the names of the tables that can be read instead of the tenant's own. */
  String restoredPrefix();

  /** Returns the tenant's own table. */
  Source live(Tenant tenant);

  /**
   * Returns the same partitions in another table, which the returned client can only read.
   *
   * @param table starts with {@link #restoredPrefix}
   * @return empty if the table does not exist
   */
  Optional<Source> restored(Tenant tenant, String table);

  /**
   * A table, and a client with the credentials of the bound tenant.
   *
   * @param close releases the client
   */
  record Source(DynamoDbClient client, TenantLocation location, Runnable close) {}
}
