package dev.partywall.runtime;

import dev.partywall.isolation.CredentialIssuing;
import dev.partywall.isolation.CredentialListener;
import dev.partywall.isolation.TenantCredentials;
import dev.partywall.isolation.TenantDynamo;
import dev.partywall.isolation.TenantSession;
import dev.partywall.storage.CapacityInterceptor;
import dev.partywall.storage.CountedWriteListener;
import dev.partywall.storage.DynamoClients;
import dev.partywall.storage.TenantTable;
import dev.partywall.tenancy.Placements;
import dev.partywall.tenancy.RequestScope;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClientBuilder;

/**
 * The bound tenant's table, wired like by {@link AwsClients}. The credentials come from this JVM
 * instead of STS, and the caller configures the connection to DynamoDB.
 */
final class TenantTableWiring {
  static final AwsSessionCredentials CREDENTIALS =
      AwsSessionCredentials.create("ASIAEXAMPLE", "secret", "token".repeat(80));

  private static final Placements POOL = Placements.pool("partywall-");

  private TenantTableWiring() {}

  /** Returns the table as in the product, with all telemetry. */
  static TenantTable withTelemetry(
      BenchFilters benchFilters, Consumer<DynamoDbClientBuilder> connection) {
    var interceptors = new ArrayList<>(benchFilters.telemetry().interceptors());
    interceptors.add(new CapacityInterceptor(benchFilters.metering().meter()));
    return of(
        DynamoClients.builder(interceptors),
        connection,
        benchFilters.telemetry().credentialListener());
  }

  /** Returns the table without telemetry. */
  static TenantTable withoutTelemetry(Consumer<DynamoDbClientBuilder> connection) {
    return of(DynamoClients.builder(), connection, CredentialListener.NONE);
  }

  static TenantCredentials credentials(CredentialListener events) {
    var issuing =
        new CredentialIssuing(
            (tenant, home) ->
                new TenantSession(
                    tenant, home, CREDENTIALS, Instant.now().plus(Duration.ofHours(1))),
            RequestScope.handedOn(Executors.newVirtualThreadPerTaskExecutor()),
            InstantSource.system(),
            new SecureRandom()::nextDouble,
            events);
    return new TenantCredentials(issuing, POOL::locationOf, 10_000);
  }

  private static TenantTable of(
      DynamoDbClientBuilder client,
      Consumer<DynamoDbClientBuilder> connection,
      CredentialListener events) {
    client.region(Region.EU_CENTRAL_1);
    connection.accept(client);
    var credentials = credentials(events);
    var bound = new TenantDynamo(client.credentialsProvider(credentials).build(), credentials);
    return new TenantTable(
        bound, POOL, InstantSource.system(), new SecureRandom(), CountedWriteListener.NONE);
  }
}
