package dev.partywall.runtime;

import dev.partywall.http.Filter;
import dev.partywall.http.Handler;
import dev.partywall.http.Route;
import dev.partywall.http.Router;
import dev.partywall.http.filters.ConcurrencyLimit;
import dev.partywall.http.filters.RejectMalformed;
import dev.partywall.http.filters.RequestTimeout;
import dev.partywall.http.server.JdkServer;
import dev.partywall.identity.Authenticate;
import dev.partywall.identity.TokenPolicy;
import dev.partywall.identity.TrustedIssuers;
import dev.partywall.metering.JournalUnusableException;
import dev.partywall.metering.Ledger;
import dev.partywall.metering.Metering;
import dev.partywall.metering.UsageTable;
import dev.partywall.operations.Health;
import dev.partywall.service.Capability;
import dev.partywall.storage.CountedWrites;
import dev.partywall.storage.PlacementGuard;
import dev.partywall.storage.PlacementMismatchException;
import dev.partywall.storage.TableProvisioning;
import dev.partywall.storage.TenantTable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.UnresolvedAddressException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The service. The constructor wires all components. */
public final class Service {
  private static final Logger LOG = LoggerFactory.getLogger(Service.class);

  /** Slightly below 10 s, so the response is sent before a client with that timeout gives up. */
  static final Duration REQUEST_TIMEOUT = Duration.ofMillis(9_500);

  /**
   * Requests in flight per processor: enough to keep it busy while DynamoDB takes 50 ms per
   * response. Requests above its capacity would only wait, and their clients would give up before
   * the response.
   */
  private static final int MAX_IN_FLIGHT_PER_PROCESSOR = 256;

  /** Requests whose bodies are being received: at worst 1.5 GB of buffers. */
  private static final int MAX_AWAITED_BODIES = 2_000;

  /** The time that a request waits for a permit. */
  private static final Duration QUEUE_TIMEOUT = Duration.ofSeconds(3);

  /** The time that the start waits for the placement check; afterwards readiness waits for it. */
  private static final Duration PLACEMENT_CHECK_TIMEOUT = Duration.ofSeconds(3);

  private final Settings settings;
  private final InstantSource clock;
  private final SecureRandom random = new SecureRandom();
  private final Telemetry telemetry;
  private final RequestTimeout requestTimeout = new RequestTimeout(REQUEST_TIMEOUT);
  private final ConcurrencyLimit concurrencyLimit = newConcurrencyLimit();
  private final TrustedIssuers issuers;
  private final Metering metering;
  private final Health health;
  private final JdkServer management;
  private final JdkServer api;

  private Service(Settings settings, List<Capability> capabilities, InstantSource clock)
      throws IOException, JournalUnusableException, PlacementMismatchException {
    this.settings = settings;
    this.clock = clock;
    telemetry = new Telemetry(random, clock);
    issuers = new TrustedIssuers(settings.tokens().issuers(), clock);

    var storage = settings.storage();
    var aws = new AwsClients(settings, clock, random, telemetry.interceptors());
    // The first calls to the issuers and to DynamoDB take the longest part of the start. Both run
    // while the other components are created.
    issuers.start();
    var own = aws.serviceDynamo();
    var placementGuard = new PlacementGuard(own, storage.tablePrefix(), storage.placements());
    var placementCheck = placementGuard.startCheck();
    var ledger = new Ledger(own, storage.tablePrefix(), clock, random);
    metering =
        Metering.open(
            settings.usage().journal(),
            ledger,
            new Metering.Sources(clock, System::nanoTime, UUID::randomUUID));
    telemetry.registerUsage(metering::status);
    telemetry.registerConcurrency(concurrencyLimit);
    var tenants = aws.tenantDynamo(metering.meter(), telemetry.credentialListener());
    var table =
        new TenantTable(
            tenants, storage.placements(), clock, random, metering.countedWriteListener());

    var routes = new ArrayList<Route>();
    capabilities.forEach(capability -> routes.addAll(capability.routes(table, clock, random)));
    routes.add(metering.route(settings.usage().prices()));
    health =
        new Health(
            new Dependencies(
                    issuers,
                    new TableProvisioning(own, storage.placements()),
                    new UsageTable(own, storage.tablePrefix()),
                    placementGuard,
                    metering,
                    telemetry,
                    storage.createTables(),
                    clock)
                .list());
    // Build both filter chains before opening the first port, so a wiring error opens none.
    var managementHandler = managementHandler();
    var apiHandler = filterChain().build(routes);
    placementCheck.await(PLACEMENT_CHECK_TIMEOUT);
    management = listen("PARTYWALL_MANAGEMENT_PORT", settings.management(), managementHandler);
    api = listen("PARTYWALL_PORT", settings.listener(), apiHandler);
    metering.start(new CountedWrites(tenants, storage.placements()), Metering.Intervals.DEFAULT);
  }

  /**
   * Starts the service with the given capabilities. It does not wait for dependencies; readiness
   * reports their state.
   *
   * @throws IOException if a port cannot be opened; the message names its variable
   * @throws JournalUnusableException if usage could not be stored durably
   * @throws PlacementMismatchException if a configured placement differs from the recorded one
   */
  public static Service start(Settings settings, List<Capability> capabilities)
      throws IOException, JournalUnusableException, PlacementMismatchException {
    return start(settings, capabilities, InstantSource.system());
  }

  /**
   * Starts the service with another clock, for tests of long periods.
   *
   * @throws IOException if a port cannot be opened; the message names its variable
   * @throws JournalUnusableException if usage could not be stored durably
   * @throws PlacementMismatchException if a configured placement differs from the recorded one
   */
  public static Service start(Settings settings, List<Capability> capabilities, InstantSource clock)
      throws IOException, JournalUnusableException, PlacementMismatchException {
    var service = new Service(settings, capabilities, clock);
    LOG.atInfo()
        .setMessage("Listening")
        .addKeyValue("port", service.port())
        .addKeyValue("managementPort", service.managementPort())
        .log();
    return service;
  }

  private FilterChain filterChain() {
    var authenticate = new Authenticate(tokenPolicy(), issuers, clock, telemetry.tokenListener());
    return new FilterChain(telemetry, metering, requestTimeout, concurrencyLimit, authenticate);
  }

  /** Returns the handler of the management port, which has no tenants and requires no token. */
  private Handler managementHandler() {
    var routes = new ArrayList<>(health.routes());
    routes.add(telemetry.metricsRoute());
    var router = new Router(routes);
    return Filter.chain(
        List.of(
            telemetry.traceFilter(),
            router.matchFilter(),
            FilterChain.problemDetails(),
            new RejectMalformed()),
        router.dispatchHandler());
  }

  /** Returns the concurrency limit for this machine. */
  static ConcurrencyLimit newConcurrencyLimit() {
    var processors = Runtime.getRuntime().availableProcessors();
    return new ConcurrencyLimit(
        MAX_IN_FLIGHT_PER_PROCESSOR * processors, MAX_AWAITED_BODIES, QUEUE_TIMEOUT);
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

  private static JdkServer listen(
      String variable, Settings.ListenerSettings listener, Handler handler) throws IOException {
    try {
      var address = new InetSocketAddress(listener.host(), listener.port());
      return JdkServer.start(address, handler, JdkServer.Limits.DEFAULT);
    } catch (IOException | UnresolvedAddressException e) {
      throw new IOException(
          "%s: cannot listen on %s:%d: %s"
              .formatted(variable, listener.host(), listener.port(), e.getMessage()),
          e);
    }
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
    var deadline = System.nanoTime() + settings.drain().toNanos();
    health.drain();
    var finished = api.drain(settings.drain());
    var metered = metering.close(Duration.ofNanos(deadline - System.nanoTime()));
    management.close();
    issuers.close();
    health.close();
    requestTimeout.close();
    telemetry.close(Duration.ofNanos(deadline - System.nanoTime()));
    LOG.info(finished ? "Drained" : "Stopped with requests in flight");
    return finished && metered;
  }
}
