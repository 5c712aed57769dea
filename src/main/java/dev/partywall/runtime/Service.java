package dev.partywall.runtime;

import dev.partywall.http.Handler;
import dev.partywall.http.Route;
import dev.partywall.http.server.JdkServer;
import dev.partywall.http.server.ListenerLimits;
import dev.partywall.identity.TokenPolicy;
import dev.partywall.identity.TrustedIssuers;
import dev.partywall.metering.Metering;
import dev.partywall.metering.journal.JournalUnusableException;
import dev.partywall.metering.ledger.Ledger;
import dev.partywall.operations.Health;
import dev.partywall.operations.KernelRoutes;
import dev.partywall.operations.ManagementAccess;
import dev.partywall.operations.Provisioning;
import dev.partywall.peers.Peers;
import dev.partywall.runtime.AwsClients.TenantCallObservers;
import dev.partywall.storage.CountedWrites;
import dev.partywall.storage.TenantTable;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * The service. The constructor wires all components. It adds each acquired resource to {@link
 * Resources} at once; the reverse of this order is the order of the shutdown.
 */
public final class Service {
  private static final Logger LOG = LoggerFactory.getLogger(Service.class);

  /** The longest wait for the release of all resources after a failed start. */
  private static final Duration ROLLBACK_TIMEOUT = Duration.ofSeconds(5);

  private static final String PUBLIC_LISTENER = "public listener";

  private final Settings settings;
  private final InstantSource clock;
  private final Resources resources;
  private final SecureRandom random = new SecureRandom();
  private final Telemetry telemetry;
  private final TrustedIssuers issuers;
  private final Tenancy tenancy;
  private final Metering metering;
  private final Lifecycle lifecycle;
  private final Health health;
  private final JdkServer management;
  private final JdkServer api;

  /**
   * The parts of the wiring that tests replace, in order to test long periods and small limits.
   *
   * @param clock the only source of the time of day
   * @param nanoTime the monotonic clock of {@link Tenancy}, in nanoseconds: it determines the age
   *     of the registry's data, the liveness of the instances, and the rates of the tenants
   * @param limits the limits of the public listener
   */
  record Replaceable(InstantSource clock, LongSupplier nanoTime, FilterChain.Limits limits) {
    /** Returns the system clock, and the limits for this machine. */
    static Replaceable production() {
      return new Replaceable(
          InstantSource.system(), System::nanoTime, FilterChain.Limits.ofThisJvm());
    }
  }

  private Service(
      Settings settings, Declarations declarations, Replaceable parts, Resources resources)
      throws IOException, JournalUnusableException {
    this.settings = settings;
    this.clock = parts.clock();
    this.resources = resources;
    telemetry = openTelemetry();
    var aws =
        new AwsClients(
            settings.aws(),
            clock,
            random,
            telemetry.interceptors(),
            telemetry.accessDenialListener());
    resources.add("AWS clients", aws);
    // The first calls to the issuers and to DynamoDB take the longest part of the start. Both run
    // while the other components are created.
    issuers = startIssuers();
    var own = aws.serviceDynamo(aws.registryClock());
    var checked = aws.checkedClock();
    tenancy = new Tenancy(own, settings, checked::correctedTime, parts, random, resources);
    telemetry.registerInstances(tenancy::instances);
    var ledger = ledger(own, declarations);
    metering = openMetering(ledger);
    tenancy.recordEarlierInstances(settings.usage().journal());
    var tenants =
        aws.tenantDynamo(
            settings.isolation(),
            tenancy.locations(),
            tenancy::isCurrent,
            new TenantCallObservers(
                metering.meter(), tenancy::recordUnknownResult, telemetry.credentialListener()),
            telemetry.ids()::newExecution);
    declarations.connect(startPeers());
    var deletion =
        new Deletion(settings, tenancy, own, ledger, telemetry.ids()::newExecution, checked);
    var named = declarations.collections();
    lifecycle =
        new Lifecycle(
            settings, named, tenancy, metering, deletion, aws, telemetry, random, resources);
    var routes = routes(declarations, tenants);
    var provisioning = new ServiceTables(settings.storage()).provisioning(own, aws);
    health = startHealth(aws, provisioning);
    // Build both filter chains before opening the first port, so a wiring error opens none.
    var apiHandler = filterChain().build(routes, parts.limits(), resources);
    resources.add("provisioning", provisioning.start(random::nextDouble));
    management =
        Listeners.open(
            "PARTYWALL_MANAGEMENT_PORT",
            settings.management(),
            managementHandler(),
            ListenerLimits.MANAGEMENT);
    resources.add("management listener", management);
    startMetering(tenants);
    lifecycle.start();
    api = Listeners.open("PARTYWALL_PORT", settings.listener(), apiHandler, ListenerLimits.DEFAULT);
    resources.addRelease(PUBLIC_LISTENER, api::drain);
    health.serve();
    telemetry.registerClosedConnections(api::closedConnections);
  }

  /**
   * Starts the service with the declared capabilities. It waits for no dependency; readiness
   * reports their state. A start that fails releases every resource that it has acquired.
   *
   * @throws IOException if a port cannot be opened; the message names its variable
   * @throws JournalUnusableException if usage could not be stored durably
   */
  static Service start(Settings settings, Declarations declarations)
      throws IOException, JournalUnusableException {
    return start(settings, declarations, Replaceable.production());
  }

  /** Starts the service like {@link #start(Settings, Declarations)}, with some parts replaced. */
  static Service start(Settings settings, Declarations declarations, Replaceable parts)
      throws IOException, JournalUnusableException {
    var resources = new Resources();
    try {
      var service = new Service(settings, declarations, parts, resources);
      service.logStart();
      return service;
    } catch (Throwable e) {
      resources.release(ROLLBACK_TIMEOUT);
      throw e;
    }
  }

  private void logStart() {
    settings
        .usage()
        .prices()
        .map(prices -> new TierPrices(settings.tiers(), prices.tiersAt(clock.instant())))
        .ifPresent(prices -> prices.warnings().forEach(LOG::warn));
    LOG.atInfo()
        .setMessage("Listening")
        .addKeyValue("port", port())
        .addKeyValue("managementPort", managementPort())
        .log();
  }

  private Telemetry openTelemetry() {
    var opened = new Telemetry(clock);
    resources.addRelease(
        "telemetry",
        timeout -> {
          opened.close(timeout);
          return true;
        });
    return opened;
  }

  private TrustedIssuers startIssuers() {
    var trusted = resources.add("issuers", new TrustedIssuers(settings.tokens().issuers(), clock));
    trusted.start();
    return trusted;
  }

  private Peers startPeers() {
    var urls = settings.peers();
    var listener = telemetry.peerListener(urls.keySet());
    return resources.add("peers", new Peers(urls, telemetry.ids()::outgoingFields, listener));
  }

  private Ledger ledger(DynamoDbClient own, Declarations declarations) {
    return new Ledger(own, settings.storage().tablePrefix(), declarations.meters(), clock, random);
  }

  private Metering openMetering(Ledger ledger) throws JournalUnusableException {
    var sources =
        new Metering.Sources(
            clock,
            System::nanoTime,
            UUID::randomUUID,
            telemetry.ids()::newExecution,
            tenant -> settings.tiers().of(tenant).name());
    var opened = Metering.open(settings.usage().journal(), ledger, sources);
    resources.addRelease("journal", opened::close);
    telemetry.registerUsage(opened::status);
    return opened;
  }

  /** Starts the transfer of usage. It is closed before the management port. */
  private void startMetering(DynamoDbClient tenants) {
    resources.addRelease("usage", metering::close);
    metering.start(
        new CountedWrites(tenants, tenancy.locations()),
        tenancy::tenant,
        Metering.Intervals.DEFAULT);
  }

  private List<Route> routes(Declarations declarations, DynamoDbClient tenants) {
    declarations.connect(
        new TenantTable.Connection(
            tenants, tenancy.locations(), clock, random, metering.countedWriteListener()));
    declarations.counters().forEach(telemetry::register);
    var features = resources.add("features", declarations.openFeatures(settings.tiers()));
    telemetry.registerFeatureErrors(features::errors);
    declarations.onFeatureUse(metering.meter()::addFeatureUse);
    var prices = settings.usage().prices();
    var kernel =
        new KernelRoutes(metering, prices, settings.tiers(), features, tenancy.registry(), clock);
    var operators = lifecycle.routes(declarations.features());
    return declarations.routes(settings.service(), kernel.with(declarations.routes(), operators));
  }

  private Health startHealth(AwsClients aws, Provisioning provisioning) {
    var all = new Dependencies(aws, issuers, provisioning, tenancy, metering, telemetry, clock);
    return resources.add("health", Health.start(all.list()));
  }

  private Handler managementHandler() {
    var routes = new ArrayList<>(health.routes());
    routes.add(telemetry.metrics().route());
    routes.add(lifecycle.receiptKeys());
    var access = new ManagementAccess(settings.managementHosts());
    return FilterChain.buildManagement(routes, settings.service(), telemetry, access);
  }

  private FilterChain filterChain() {
    return new FilterChain(
        settings.service(),
        telemetry,
        metering.meter(),
        tokenPolicy(),
        issuers,
        tenancy.bindTenant(),
        tenancy.startLimiter(metering::knownRequestsThisMonth),
        clock);
  }

  private TokenPolicy tokenPolicy() {
    var tokens = settings.tokens();
    return new TokenPolicy(
        Set.copyOf(tokens.audiences()),
        Set.copyOf(tokens.operatorAudiences()),
        tokens.tenantClaims(),
        tokens.tierClaims(),
        tokens.maxLifetime(),
        tokens.tenantDomain());
  }

  /** Returns the public port. */
  public int port() {
    return api.port();
  }

  /** Returns the management port. */
  public int managementPort() {
    return management.port();
  }

  /**
   * Stops the service without losing requests or usage. The drain timeout applies to all waits
   * together: for requests, for the ledger, and for the reader of the log.
   *
   * @return false if requests did not finish in time, or the journal could not be written
   */
  public boolean drain() {
    LOG.info("Draining");
    health.drain();
    var incomplete = resources.release(settings.drain());
    LOG.info(incomplete.contains(PUBLIC_LISTENER) ? "Stopped with requests in flight" : "Drained");
    return incomplete.isEmpty();
  }
}
