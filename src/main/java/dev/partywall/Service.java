package dev.partywall;

import dev.partywall.http.Ceiling;
import dev.partywall.http.Deadline;
import dev.partywall.http.Filter;
import dev.partywall.http.Handler;
import dev.partywall.http.JdkServer;
import dev.partywall.http.Problems;
import dev.partywall.http.RefuseMalformed;
import dev.partywall.http.Refused;
import dev.partywall.http.Route;
import dev.partywall.http.Router;
import dev.partywall.identity.Authenticate;
import dev.partywall.identity.Authorize;
import dev.partywall.identity.Issuer;
import dev.partywall.identity.Issuers;
import dev.partywall.identity.Trust;
import dev.partywall.isolation.CredentialListener;
import dev.partywall.isolation.RoleArn;
import dev.partywall.isolation.SessionPolicy;
import dev.partywall.isolation.Sts;
import dev.partywall.isolation.StsClients;
import dev.partywall.isolation.TenantCredentials;
import dev.partywall.isolation.TenantDynamo;
import dev.partywall.isolation.Vending;
import dev.partywall.observability.AccessLog;
import dev.partywall.observability.RandomLongs;
import dev.partywall.observability.TraceFilter;
import dev.partywall.operations.Dependency;
import dev.partywall.operations.Health;
import dev.partywall.storage.Dynamo;
import dev.partywall.storage.MarkListener;
import dev.partywall.storage.Tables;
import dev.partywall.storage.TenantTable;
import dev.partywall.tenancy.BindTenant;
import dev.partywall.tenancy.Placements;
import dev.partywall.tenancy.RequestScope;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.UnresolvedAddressException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** The service, put together by hand: what there is, who gets what, and the order of the doors. */
public final class Service {
  private static final Logger LOG = LoggerFactory.getLogger(Service.class);

  /** So that the answer is out before a caller's 10 s are over. */
  private static final Duration LONGEST_REQUEST = Duration.ofMillis(9_500);

  private static final int MOST_IN_FLIGHT = 2_000;
  private static final int MOST_CREDENTIALS = 10_000;

  private final Settings settings;
  private final InstantSource clock = InstantSource.system();
  private final SecureRandom random = new SecureRandom();
  private final Deadline deadline = new Deadline(LONGEST_REQUEST);
  private final Issuers issuers;
  private final Health health;
  private final JdkServer management;
  private final JdkServer api;

  private Service(Settings settings, List<Capability> capabilities) throws IOException {
    this.settings = settings;
    issuers = new Issuers(settings.tokens().issuers().stream().map(Issuer::new).toList(), clock);

    var placements = Placements.pool(settings.storage().tablePrefix());
    var own = Dynamo.client().build();
    var table =
        new TenantTable(
            tenantClient(own, placements), placements, clock, random, MarkListener.NONE);

    var routes =
        capabilities.stream()
            .flatMap(capability -> capability.routes(table, clock, random).stream())
            .toList();
    health = new Health(dependencies(new Tables(own, placements)));
    management = listen("PARTYWALL_MANAGEMENT_PORT", settings.management(), operations());
    api = listen("PARTYWALL_PORT", settings.listener(), corridor(routes));
    issuers.start();
  }

  /**
   * Starts to serve these capabilities. It does not wait for what the service leans on: readiness
   * tells about that.
   *
   * @throws IOException when a port can't be had; the message names its variable
   */
  public static Service start(Settings settings, List<Capability> capabilities) throws IOException {
    var service = new Service(settings, capabilities);
    LOG.atInfo()
        .setMessage("listening")
        .addKeyValue("port", service.port())
        .addKeyValue("managementPort", service.managementPort())
        .log();
    return service;
  }

  /** The way of every request, from the first door to the last. */
  private Handler corridor(List<Route> routes) {
    var router = new Router(routes);
    return Filter.corridor(
        List.of(
            new TraceFilter(new RandomLongs(random), true),
            router.locating(),
            new AccessLog(),
            new Problems(Service::traceId),
            new RefuseMalformed(),
            new Ceiling(MOST_IN_FLIGHT),
            deadline,
            new Authenticate(trust(), issuers, clock),
            new BindTenant(),
            new Authorize()),
        router.dispatching());
  }

  /** What the management port offers; it knows no tenants and asks for no token. */
  private Handler operations() {
    var router = new Router(health.routes());
    return Filter.corridor(
        List.of(
            new TraceFilter(new RandomLongs(random), false),
            router.locating(),
            new Problems(Service::traceId),
            new RefuseMalformed()),
        router.dispatching());
  }

  /** Lock 2: whoever uses this client is the bound tenant, or is refused by AWS itself. */
  private DynamoDbClient tenantClient(DynamoDbClient own, Placements placements) {
    var role = settings.isolation().tenantRoleArn();
    if (!settings.isolation().byCredentials() || role.isEmpty()) {
      LOG.warn("tenants are kept apart by keys alone: PARTYWALL_ISOLATION is application");
      return Dynamo.client().build();
    }
    var arn = new RoleArn(role.get());
    var region = own.serviceClientConfiguration().region().id();
    var policy = new SessionPolicy(arn, region);
    var vending =
        new Vending(
            new Sts(StsClients.client().build(), arn, policy, instance()),
            Executors.newVirtualThreadPerTaskExecutor(),
            clock,
            random::nextDouble,
            CredentialListener.NONE);
    var credentials = new TenantCredentials(vending, placements::homeOf, MOST_CREDENTIALS);
    return new TenantDynamo(Dynamo.client().credentialsProvider(credentials).build(), credentials);
  }

  private List<Dependency> dependencies(Tables tables) {
    var keys =
        issuers.status().stream()
            .map(status ->
                new Dependency("issuer " + status.issuer(), keysOf(status.issuer()), clock));
    var dynamo = new Dependency("dynamodb", () -> faultOf(tables), clock);
    return Stream.concat(keys, Stream.of(dynamo)).toList();
  }

  private Dependency.Probe keysOf(String issuer) {
    return () ->
        issuers.status().stream()
            .filter(status -> status.issuer().equals(issuer))
            .findFirst()
            .flatMap(status -> status.ready() ? status.problem() : Optional.of("no keys yet"));
  }

  /**
   * Missing tables are made when they are first missed, so that a start never waits for DynamoDB.
   */
  private Optional<String> faultOf(Tables tables) {
    try {
      var faults = tables.faults();
      if (!faults.isEmpty() && settings.storage().createTables()) {
        tables.createMissing();
        faults = tables.faults();
      }
      return faults.stream().reduce((one, other) -> one + "; " + other);
    } catch (Refused e) {
      return Optional.of("it can't be reached, or refuses this service's credentials");
    }
  }

  private Trust trust() {
    var tokens = settings.tokens();
    return new Trust(
        Set.copyOf(tokens.audiences()),
        tokens.tenantClaims(),
        tokens.tierClaims(),
        tokens.longestLife(),
        tokens.tenantDomain());
  }

  private static JdkServer listen(String variable, Settings.Listener at, Handler corridor)
      throws IOException {
    try {
      var address = new InetSocketAddress(at.host(), at.port());
      return JdkServer.start(address, corridor, JdkServer.Limits.DEFAULT);
    } catch (IOException | UnresolvedAddressException e) {
      throw new IOException(
          variable + ": can't listen on " + at.host() + ":" + at.port() + ": " + e.getMessage(), e);
    }
  }

  /** Names this instance in CloudTrail. */
  private String instance() {
    var bytes = new byte[4];
    random.nextBytes(bytes);
    return "partywall-" + HexFormat.of().formatHex(bytes);
  }

  private static String traceId() {
    return RequestScope.current().map(scope -> scope.ids().traceId()).orElse("");
  }

  /** The public port. */
  public int port() {
    return api.port();
  }

  /** The management port. */
  public int managementPort() {
    return management.port();
  }

  /** Leaves without losing a request; false when patience ran out before all were finished. */
  public boolean drain() {
    LOG.info("draining");
    health.drain();
    var finished = api.drain(settings.drain());
    management.close();
    issuers.close();
    health.close();
    deadline.close();
    LOG.info(finished ? "drained" : "stopped with requests in flight");
    return finished;
  }
}
