package dev.partywall.bench.jmh;

import dev.partywall.isolation.CredentialIssuing;
import dev.partywall.isolation.CredentialListener;
import dev.partywall.isolation.TenantCredentials;
import dev.partywall.isolation.TenantSession;
import dev.partywall.runtime.BenchFilters;
import dev.partywall.storage.DynamoClients;
import dev.partywall.storage.TenantTable;
import dev.partywall.tenancy.Execution;
import dev.partywall.tenancy.TenantLocations;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClientBuilder;

/**
 * The bound tenant's table, wired as {@link dev.partywall.runtime.AwsClients} does. The credentials
 * come from this JVM instead of STS, and the caller configures the connection to DynamoDB.
 */
final class TenantTableWiring {
  static final AwsSessionCredentials CREDENTIALS =
      AwsSessionCredentials.create("ASIAEXAMPLE", "secret", "token".repeat(80));

  private static final TenantLocations POOL = new TenantLocations("partywall-orders");
  private static final int MAX_CACHED_CREDENTIALS = 10_000;

  private TenantTableWiring() {}

  /** Returns the table as in the product, with all telemetry. */
  static TenantTable.Connection withTelemetry(
      BenchFilters benchFilters, Consumer<DynamoDbClientBuilder> connection) {
    return connection(benchFilters.interceptors(), connection, benchFilters.credentialListener());
  }

  /** Returns the table without telemetry. */
  static TenantTable.Connection withoutTelemetry(Consumer<DynamoDbClientBuilder> connection) {
    return connection(List.of(), connection, CredentialListener.NONE);
  }

  static TenantCredentials credentials(CredentialListener events) {
    var issuing =
        new CredentialIssuing(
            (tenant, location) ->
                new TenantSession(
                    tenant, location, CREDENTIALS, Instant.now().plus(Duration.ofHours(1))),
            Execution.propagating(Executors.newVirtualThreadPerTaskExecutor()),
            BoundScope::newExecution,
            InstantSource.system(),
            new SecureRandom()::nextDouble,
            events);
    return new TenantCredentials(issuing, POOL::of, MAX_CACHED_CREDENTIALS);
  }

  private static TenantTable.Connection connection(
      List<ExecutionInterceptor> interceptors,
      Consumer<DynamoDbClientBuilder> configuration,
      CredentialListener events) {
    var clients =
        new DynamoClients(
            interceptors,
            (_, _) -> {},
            client -> {
              client.region(Region.EU_CENTRAL_1);
              configuration.accept(client);
            });
    return new TenantTable.Connection(
        clients.build(credentials(events)),
        POOL,
        InstantSource.system(),
        new SecureRandom(),
        _ -> {});
  }
}
