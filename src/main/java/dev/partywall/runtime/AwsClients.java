package dev.partywall.runtime;

import dev.partywall.isolation.AssumedRole;
import dev.partywall.isolation.CredentialIssuer;
import dev.partywall.isolation.CredentialIssuing;
import dev.partywall.isolation.CredentialListener;
import dev.partywall.isolation.FencedCredentialIssuer;
import dev.partywall.isolation.RoleArn;
import dev.partywall.isolation.SessionPolicy;
import dev.partywall.isolation.StsClients;
import dev.partywall.isolation.StsCredentialIssuer;
import dev.partywall.isolation.TenantCredentials;
import dev.partywall.isolation.UnknownResultInterceptor;
import dev.partywall.operations.lifecycle.CheckedClock;
import dev.partywall.registry.RegistryClock;
import dev.partywall.storage.AccessDenialListener;
import dev.partywall.storage.CapacityInterceptor;
import dev.partywall.storage.CapacityListener;
import dev.partywall.storage.DynamoClients;
import dev.partywall.storage.silo.CreationDeadline;
import dev.partywall.tenancy.Execution;
import dev.partywall.tenancy.TenantLocations;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * The AWS clients: with the service's own credentials, and with the bound tenant's. They are
 * separate, so the service's own credentials never read tenant data. Closing this closes every
 * client that it has created.
 */
public final class AwsClients implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AwsClients.class);
  private static final int MAX_CACHED_CREDENTIALS = 10_000;

  private final AwsSettings settings;
  private final InstantSource clock;
  private final SecureRandom random;
  private final List<ExecutionInterceptor> interceptors;
  private final AccessDenialListener denials;
  private final RegistryClock registryClock;
  private final Queue<SdkAutoCloseable> clients = new ConcurrentLinkedQueue<>();
  private volatile @Nullable TenantCredentials credentials;
  private volatile Runnable unknownResult = () -> {};

  /**
   * Creates the source of the clients, without a client yet.
   *
   * @param interceptors the interceptors of every call
   * @param denials receives the DynamoDB calls that AWS denied
   */
  AwsClients(
      AwsSettings settings,
      InstantSource clock,
      SecureRandom random,
      List<ExecutionInterceptor> interceptors,
      AccessDenialListener denials) {
    this.settings = settings;
    this.clock = clock;
    this.random = random;
    this.interceptors = List.copyOf(interceptors);
    this.denials = denials;
    this.registryClock = new RegistryClock(clock);
  }

  /** Adds a fault if neither the variables nor the SDK's other sources contain a region. */
  static void requireRegion(Environment env) {
    if (env.optional("AWS_REGION").isPresent()) {
      return;
    }
    try {
      DefaultAwsRegionProviderChain.builder().build().getRegion();
    } catch (SdkClientException e) {
      env.fault("AWS_REGION", "is required: " + AwsFaultText.of(e));
    }
  }

  /**
   * Returns an interceptor that compares this instance's clock with the answers of the registry.
   */
  ExecutionInterceptor registryClock() {
    return registryClock;
  }

  /** Returns the clock of this instance, compared with that of the registry. */
  CheckedClock checkedClock() {
    return new CheckedClock(clock, registryClock::difference);
  }

  /** Returns a client with the service's own credentials, and with further interceptors. */
  DynamoDbClient serviceDynamo(ExecutionInterceptor... more) {
    var all = new ArrayList<>(interceptors);
    all.addAll(List.of(more));
    return register(dynamo(all).build());
  }

  /**
   * Returns a client with the bound tenant's credentials: isolation layer 2. AWS rejects its calls
   * for the data of any other tenant.
   *
   * @param locations the table and the partition keys of each tenant, which its credentials permit
   * @param changesKnown returns whether the changes of the tenants are known until the last
   *     seconds; otherwise no credentials are issued
   * @param observers receive the results of the tenants' calls
   * @param executions opens the executions of credential renewals
   */
  DynamoDbClient tenantDynamo(
      Settings.IsolationSettings isolation,
      TenantLocations locations,
      BooleanSupplier changesKnown,
      TenantCallObservers observers,
      Supplier<Execution> executions) {
    var all = new ArrayList<>(interceptors);
    all.add(new CapacityInterceptor(observers.capacity()));
    unknownResult = observers.unknownResult();
    all.add(new UnknownResultInterceptor(observers.unknownResult()));
    if (!isolation.byCredentials()) {
      LOG.warn("Isolation is by key conditions only, because PARTYWALL_ISOLATION is application");
      return register(dynamo(all).build());
    }
    var role = isolation.tenantRole().orElseThrow();
    var issuer = new FencedCredentialIssuer(issuer(role), changesKnown);
    var created = tenantCredentials(issuer, locations, observers.credentials(), executions);
    credentials = created;
    return register(dynamo(all).build(created));
  }

  /**
   * The observers of the calls with tenants' credentials.
   *
   * @param capacity receives the consumed capacity
   * @param unknownResult is called after a write without a definite result
   */
  record TenantCallObservers(
      CapacityListener capacity, Runnable unknownResult, CredentialListener credentials) {
    static final TenantCallObservers NONE =
        new TenantCallObservers((_, _) -> {}, () -> {}, CredentialListener.NONE);
  }

  /**
   * Returns a further client with the bound tenant's credentials. It is called after {@link
   * #tenantDynamo}, which creates the credentials. The same observer receives the unknown results.
   *
   * @param capacity receives the capacity that the calls of this client consume
   */
  DynamoDbClient operationDynamo(CapacityListener capacity) {
    var all = new ArrayList<>(interceptors);
    all.add(new CapacityInterceptor(capacity));
    all.add(new UnknownResultInterceptor(unknownResult));
    var shared = credentials;
    return register(shared == null ? dynamo(all).build() : dynamo(all).build(shared));
  }

  /**
   * Returns the reason why tenants cannot get credentials yet; empty after the first success, and
   * without isolation by credentials. Calls STS until then.
   */
  Optional<String> credentialProblemAtStart() {
    return Optional.ofNullable(credentials).flatMap(TenantCredentials::problemAtStart);
  }

  /**
   * Returns a client with the credentials of a role, for work that the service's own credentials do
   * not permit. The first call assumes the role. The observer of {@link #tenantDynamo}, if that was
   * called before, receives the unknown results.
   */
  DynamoDbClient assumedDynamo(RoleArn role) {
    var assumed = register(new AssumedRole(sts(), role, instance()));
    var all = new ArrayList<>(interceptors);
    all.add(new UnknownResultInterceptor(unknownResult));
    all.add(new CreationDeadline(System::nanoTime));
    return register(dynamo(all, assumed).build());
  }

  /** Returns an issuer of credentials that permit only reads. It uses an STS client of its own. */
  CredentialIssuer readOnlyIssuer(RoleArn role) {
    var sts = sts();
    return new StsCredentialIssuer(
        sts, role, SessionPolicy.readOnly(role, region(sts)), instance());
  }

  /**
   * Returns a client that the caller closes.
   *
   * @param provider empty for the service's own credentials
   * @param capacity receives the capacity that the calls of this client consume
   */
  DynamoDbClient singleUseDynamo(
      Optional<? extends AwsCredentialsProvider> provider, CapacityListener capacity) {
    var all = new ArrayList<>(interceptors);
    all.add(new CapacityInterceptor(capacity));
    return provider
        .map(credentials -> dynamo(all, credentials))
        .orElseGet(() -> dynamo(all))
        .build();
  }

  private DynamoClients dynamo(
      List<ExecutionInterceptor> all, AwsCredentialsProvider credentialsProvider) {
    return new DynamoClients(
        all,
        denials,
        client -> {
          settings.configure(client, settings.dynamoEndpoint());
          client.credentialsProvider(credentialsProvider);
        });
  }

  private DynamoClients dynamo(List<ExecutionInterceptor> all) {
    return new DynamoClients(
        all, denials, client -> settings.configure(client, settings.dynamoEndpoint()));
  }

  @Override
  public void close() {
    clients.forEach(SdkAutoCloseable::close);
  }

  private <T extends SdkAutoCloseable> T register(T client) {
    clients.add(client);
    return client;
  }

  private CredentialIssuer issuer(RoleArn role) {
    var sts = sts();
    return new StsCredentialIssuer(sts, role, new SessionPolicy(role, region(sts)), instance());
  }

  private static String region(StsClient sts) {
    return sts.serviceClientConfiguration().region().id();
  }

  private TenantCredentials tenantCredentials(
      CredentialIssuer issuer,
      TenantLocations locations,
      CredentialListener events,
      Supplier<Execution> executions) {
    var issuing =
        new CredentialIssuing(
            issuer,
            Execution.propagating(Executors.newVirtualThreadPerTaskExecutor()),
            executions,
            clock,
            random::nextDouble,
            events);
    return new TenantCredentials(issuing, locations::of, MAX_CACHED_CREDENTIALS);
  }

  private StsClient sts() {
    var builder = StsClients.builder();
    var configuration = builder.overrideConfiguration().toBuilder();
    interceptors.forEach(configuration::addExecutionInterceptor);
    settings.configure(builder, settings.stsEndpoint());
    return register(builder.overrideConfiguration(configuration.build()).build());
  }

  /** Returns a random name of this instance for CloudTrail. */
  private String instance() {
    var bytes = new byte[4];
    random.nextBytes(bytes);
    return "partywall-" + HexFormat.of().formatHex(bytes);
  }
}
