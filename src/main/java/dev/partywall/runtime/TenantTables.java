package dev.partywall.runtime;

import dev.partywall.isolation.CredentialIssuer;
import dev.partywall.isolation.FencedCredentialIssuer;
import dev.partywall.isolation.TableReadCredentials;
import dev.partywall.operations.transfer.ExportSources;
import dev.partywall.storage.CapacityListener;
import dev.partywall.storage.content.RevisionItem;
import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantLocation;
import dev.partywall.tenancy.TenantLocations;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.TableStatus;

/** The tenants' own tables, and tables that were restored from backups. */
final class TenantTables implements ExportSources {
  /** The tenant role can read the tables with this name part, besides the tenant's own. */
  private static final String RESTORED = ".restored_";

  private final AwsClients aws;
  private final DynamoDbClient own;
  private final DynamoDbClient tenants;
  private final Optional<CredentialIssuer> issuer;
  private final TenantLocations locations;
  private final CapacityListener capacity;
  private final InstantSource clock;

  /**
   * Creates the tables.
   *
   * @param own a client with the service's own credentials
   * @param changesKnown returns whether the changes of the tenants are known until the last seconds
   * @param capacity receives the consumed capacity
   */
  TenantTables(
      AwsClients aws,
      DynamoDbClient own,
      Settings.IsolationSettings isolation,
      BooleanSupplier changesKnown,
      TenantLocations locations,
      CapacityListener capacity,
      InstantSource clock) {
    this.aws = aws;
    this.own = own;
    this.tenants = aws.operationDynamo(capacity);
    this.issuer =
        isolation.byCredentials()
            ? Optional.of(
                new FencedCredentialIssuer(
                    aws.readOnlyIssuer(isolation.tenantRole().orElseThrow()), changesKnown))
            : Optional.empty();
    this.locations = locations;
    this.capacity = capacity;
    this.clock = clock;
  }

  @Override
  public String restoredPrefix() {
    return locations.pool() + RESTORED;
  }

  @Override
  public Source live(Tenant tenant) {
    return new Source(tenants, locations.of(tenant), () -> {});
  }

  @Override
  public Optional<Source> restored(Tenant tenant, String table) {
    return isActive(table)
        ? Optional.of(restored(tenant, new TenantLocation(table, keys(tenant))))
        : Optional.empty();
  }

  private Source restored(Tenant tenant, TenantLocation location) {
    var credentials =
        issuer.map(source -> new TableReadCredentials(source, tenant.id(), location, clock));
    var client = aws.singleUseDynamo(credentials, capacity);
    try {
      var revision = new RevisionItem(client, location).find();
      return new Source(client, location.withContentRevision(revision), client::close);
    } catch (RuntimeException | Error e) {
      client.close();
      throw e;
    }
  }

  private List<String> keys(Tenant tenant) {
    return locations.of(tenant).partitionKeys();
  }

  private boolean isActive(String table) {
    try {
      var found = own.describeTable(describe -> describe.tableName(table)).table();
      return found.tableStatus() == TableStatus.ACTIVE;
    } catch (ResourceNotFoundException _) {
      return false;
    }
  }
}
