package dev.partywall;

import dev.partywall.isolation.CredentialListener;
import dev.partywall.isolation.TenantCredentials;
import dev.partywall.isolation.TenantSession;
import dev.partywall.storage.Dynamo;
import dev.partywall.storage.MarkListener;
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
 * The bound tenant's table, put together by {@link AwsClients}; only that credentials come out of
 * this JVM and not from STS, and that the caller says how DynamoDB is reached.
 */
final class TenantTables {
  static final AwsSessionCredentials CREDENTIALS =
      AwsSessionCredentials.create("ASIAEXAMPLE", "secret", "token".repeat(80));

  private static final Placements POOL = Placements.pool("partywall-");

  private TenantTables() {}

  /** The table as the product has it: every signal hears of its calls. */
  static TenantTable telling(Doors doors, Consumer<DynamoDbClientBuilder> reached) {
    var client = clients(doors.signals().interceptors()).client(doors.metering().meter());
    return of(client, reached, doors.signals().credentials());
  }

  /** The same table, of whose calls nobody hears. */
  static TenantTable silent(Consumer<DynamoDbClientBuilder> reached) {
    return of(Dynamo.client(), reached, CredentialListener.NONE);
  }

  static TenantCredentials credentials(CredentialListener events) {
    return clients(List.of())
        .credentials(
            (tenant, home) ->
                new TenantSession(
                    tenant, home, CREDENTIALS, Instant.now().plus(Duration.ofHours(1))),
            events);
  }

  private static TenantTable of(
      DynamoDbClientBuilder client,
      Consumer<DynamoDbClientBuilder> reached,
      CredentialListener events) {
    client.region(Region.EU_CENTRAL_1);
    reached.accept(client);
    var bound = AwsClients.bound(client, credentials(events));
    return new TenantTable(
        bound, POOL, InstantSource.system(), new SecureRandom(), MarkListener.NONE);
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
    } catch (Settings.Invalid e) {
      throw new IllegalStateException(e);
    }
  }
}
