package dev.partywall;

import dev.partywall.isolation.CredentialListener;
import dev.partywall.isolation.TenantCredentials;
import dev.partywall.isolation.TenantDynamo;
import dev.partywall.isolation.TenantSession;
import dev.partywall.isolation.Vending;
import dev.partywall.storage.CapacityInterceptor;
import dev.partywall.storage.CapacityListener;
import dev.partywall.storage.Dynamo;
import dev.partywall.storage.MarkListener;
import dev.partywall.storage.TenantTable;
import dev.partywall.tenancy.Placements;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClientBuilder;

/**
 * The bound tenant's table, put together as {@link AwsClients} does it; only that credentials come
 * out of this JVM and not from STS, and that the caller says how DynamoDB is reached.
 */
final class TenantTables {
  static final AwsSessionCredentials CREDENTIALS =
      AwsSessionCredentials.create("ASIAEXAMPLE", "secret", "token".repeat(80));

  private static final Placements POOL = Placements.pool("partywall-");
  private static final RandomGenerator RANDOM = new Random(1);

  private TenantTables() {}

  /**
   * A client to be, whose calls pass by what the product's own pass by.
   *
   * @param interceptors the signals'
   */
  static DynamoDbClientBuilder client(
      List<ExecutionInterceptor> interceptors, CapacityListener capacity) {
    var passedBy = new ArrayList<>(interceptors);
    passedBy.add(new CapacityInterceptor(capacity));
    return client(passedBy);
  }

  /** A client to be, whose calls nobody hears of but these. */
  static DynamoDbClientBuilder client(List<ExecutionInterceptor> interceptors) {
    return Dynamo.client(interceptors).region(Region.EU_CENTRAL_1);
  }

  /**
   * The table as the product has it: every signal hears of its calls.
   *
   * @param reached says how DynamoDB is
   */
  static TenantTable telling(Doors doors, Consumer<DynamoDbClientBuilder> reached) {
    var client = client(doors.signals.interceptors(), doors.metering.meter());
    reached.accept(client);
    return of(client, doors.signals.credentials());
  }

  /** The table that is reached through that client. */
  static TenantTable of(DynamoDbClientBuilder client, CredentialListener events) {
    var credentials = credentials(events);
    DynamoDbClient dynamo =
        new TenantDynamo(client.credentialsProvider(credentials).build(), credentials);
    return new TenantTable(dynamo, POOL, InstantSource.system(), RANDOM, MarkListener.NONE);
  }

  static TenantCredentials credentials(CredentialListener events) {
    var vending =
        new Vending(
            (tenant, home) ->
                new TenantSession(
                    tenant, home, CREDENTIALS, Instant.now().plus(Duration.ofHours(1))),
            Executors.newVirtualThreadPerTaskExecutor(),
            InstantSource.system(),
            RANDOM::nextDouble,
            events);
    return new TenantCredentials(vending, POOL::homeOf, 10_000);
  }
}
