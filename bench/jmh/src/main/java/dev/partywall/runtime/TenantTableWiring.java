package dev.partywall.runtime;

import dev.partywall.isolation.CredentialListener;
import dev.partywall.isolation.TenantCredentials;
import dev.partywall.isolation.TenantSession;
import dev.partywall.storage.CountedWriteListener;
import dev.partywall.storage.DynamoClients;
import dev.partywall.storage.TenantTable;
import dev.partywall.tenancy.Placements;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClientBuilder;

/**
 * The bound tenant's table, wired by {@link AwsClients}. The credentials come from this JVM instead
 * of STS, and the caller configures the connection to DynamoDB.
 */
final class TenantTableWiring {
  static final AwsSessionCredentials CREDENTIALS =
      AwsSessionCredentials.create("ASIAEXAMPLE", "secret", "token".repeat(80));

  private static final Placements POOL = new Placements("partywall-", Map.of());

  private TenantTableWiring() {}

  /** Returns the table as in the product, with all telemetry. */
  static TenantTable withTelemetry(
      BenchFilters benchFilters, Consumer<DynamoDbClientBuilder> connection) {
    var client =
        clients(benchFilters.telemetry().interceptors())
            .dynamoBuilder(benchFilters.metering().meter());
    return of(client, connection, benchFilters.telemetry().credentialListener());
  }

  /** Returns the table without telemetry. */
  static TenantTable withoutTelemetry(Consumer<DynamoDbClientBuilder> connection) {
    return of(DynamoClients.builder(), connection, CredentialListener.NONE);
  }

  static TenantCredentials credentials(CredentialListener events) {
    return clients(List.of())
        .tenantCredentials(
            (tenant, home) ->
                new TenantSession(
                    tenant, home, CREDENTIALS, Instant.now().plus(Duration.ofHours(1))),
            events);
  }

  private static TenantTable of(
      DynamoDbClientBuilder client,
      Consumer<DynamoDbClientBuilder> connection,
      CredentialListener events) {
    client.region(Region.EU_CENTRAL_1);
    connection.accept(client);
    var bound = AwsClients.withTenantCredentials(client, credentials(events));
    return new TenantTable(
        bound, POOL, InstantSource.system(), new SecureRandom(), CountedWriteListener.NONE);
  }

  private static AwsClients clients(List<ExecutionInterceptor> interceptors) {
    return new AwsClients(settings(), InstantSource.system(), new SecureRandom(), interceptors);
  }

  private static Settings settings() {
    try {
      return Settings.from(
          Map.of(
              "PARTYWALL_ISSUERS", "https://issuer.example.com",
              "PARTYWALL_AUDIENCE", "orders-api",
              "PARTYWALL_TENANT_ROLE_ARN", "arn:aws:iam::000000000000:role/tenant"));
    } catch (Settings.InvalidSettingsException e) {
      throw new IllegalStateException(e);
    }
  }
}
