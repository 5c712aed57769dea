package dev.partywall;

import dev.partywall.isolation.CredentialListener;
import dev.partywall.isolation.CredentialVendor;
import dev.partywall.isolation.RoleArn;
import dev.partywall.isolation.SessionPolicy;
import dev.partywall.isolation.Sts;
import dev.partywall.isolation.StsClients;
import dev.partywall.isolation.TenantCredentials;
import dev.partywall.isolation.TenantDynamo;
import dev.partywall.isolation.Vending;
import dev.partywall.storage.CapacityInterceptor;
import dev.partywall.storage.CapacityListener;
import dev.partywall.storage.Dynamo;
import dev.partywall.tenancy.RequestScope;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClientBuilder;
import software.amazon.awssdk.services.sts.StsClient;

/**
 * The two ways to AWS: as the service itself, and as the bound tenant. They are apart so that
 * nothing can be read as the service that is a tenant's.
 *
 * @param interceptors that every call passes by
 */
record AwsClients(
    Settings settings,
    InstantSource clock,
    SecureRandom random,
    List<ExecutionInterceptor> interceptors) {
  private static final Logger LOG = LoggerFactory.getLogger(AwsClients.class);
  private static final int MOST_CREDENTIALS = 10_000;

  /** What the SDK would miss, as a fault of the configuration. */
  static Optional<String> missing() {
    try {
      DefaultAwsRegionProviderChain.builder().build().getRegion();
      return Optional.empty();
    } catch (SdkClientException e) {
      return Optional.of("AWS_REGION: " + e.getMessage());
    }
  }

  /** With the service's own credentials, which the SDK finds. */
  DynamoDbClient own() {
    return Dynamo.client(interceptors).build();
  }

  /**
   * Lock 2: whoever uses this client is the bound tenant, or is refused by AWS itself.
   *
   * @param capacity is told what the tenants' calls consume
   */
  DynamoDbClient tenants(CapacityListener capacity, CredentialListener events) {
    var client = client(capacity);
    if (!settings.isolation().byCredentials()) {
      LOG.warn("tenants are kept apart by keys alone: PARTYWALL_ISOLATION is application");
      return client.build();
    }
    var role = settings.isolation().tenantRole().orElseThrow();
    return bound(client, credentials(vendor(role), events));
  }

  /** A client to be, of whose calls all hear who have to. */
  DynamoDbClientBuilder client(CapacityListener capacity) {
    var passedBy = new ArrayList<>(interceptors);
    passedBy.add(new CapacityInterceptor(capacity));
    return Dynamo.client(passedBy);
  }

  /** Whoever uses it is the bound tenant. */
  static DynamoDbClient bound(DynamoDbClientBuilder client, TenantCredentials credentials) {
    return new TenantDynamo(client.credentialsProvider(credentials).build(), credentials);
  }

  private CredentialVendor vendor(RoleArn role) {
    var sts = sts();
    var region = sts.serviceClientConfiguration().region().id();
    return new Sts(sts, role, new SessionPolicy(role, region), instance());
  }

  /** Each tenant's credentials, kept and renewed. */
  TenantCredentials credentials(CredentialVendor vendor, CredentialListener events) {
    var vending =
        new Vending(
            vendor,
            RequestScope.handedOn(Executors.newVirtualThreadPerTaskExecutor()),
            clock,
            random::nextDouble,
            events);
    return new TenantCredentials(
        vending, settings.storage().placements()::homeOf, MOST_CREDENTIALS);
  }

  private StsClient sts() {
    var builder = StsClients.client();
    var configuration = builder.overrideConfiguration().toBuilder();
    interceptors.forEach(configuration::addExecutionInterceptor);
    return builder.overrideConfiguration(configuration.build()).build();
  }

  /** Names this instance in CloudTrail. */
  private String instance() {
    var bytes = new byte[4];
    random.nextBytes(bytes);
    return "partywall-" + HexFormat.of().formatHex(bytes);
  }
}
