package dev.partywall;

import dev.partywall.http.Ceiling;
import dev.partywall.http.Deadline;
import dev.partywall.http.Filter;
import dev.partywall.http.Handler;
import dev.partywall.http.JdkServer;
import dev.partywall.http.RefuseMalformed;
import dev.partywall.http.Route;
import dev.partywall.http.Router;
import dev.partywall.identity.Authenticate;
import dev.partywall.identity.Issuer;
import dev.partywall.identity.Issuers;
import dev.partywall.identity.Trust;
import dev.partywall.metering.JournalUnusable;
import dev.partywall.metering.Ledger;
import dev.partywall.metering.Metering;
import dev.partywall.metering.UsageTable;
import dev.partywall.operations.Health;
import dev.partywall.storage.Marks;
import dev.partywall.storage.PlacementMemory;
import dev.partywall.storage.PlacementsChanged;
import dev.partywall.storage.Tables;
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
  static final Duration LONGEST_REQUEST = Duration.ofMillis(9_500);

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
  private final Signals telemetry;
  private final Deadline requestTimeout = new Deadline(LONGEST_REQUEST);
  private final Ceiling concurrencyLimit = ceiling();
  private final Issuers issuers;
  private final Metering metering;
  private final Health health;
  private final JdkServer management;
  private final JdkServer api;

  private Service(Settings settings, List<Capability> capabilities, InstantSource clock)
      throws IOException, JournalUnusable, PlacementsChanged {
    this.settings = settings;
    this.clock = clock;
    telemetry = new Signals(random, clock);
    issuers = new Issuers(settings.tokens().issuers().stream().map(Issuer::new).toList(), clock);

    var storage = settings.storage();
    var aws = new AwsClients(settings, clock, random, telemetry.interceptors());
    // The first calls to the issuers and to DynamoDB take the longest part of the start. Both run
    // while the other components are created.
    issuers.start();
    var own = aws.own();
    var placementGuard = new PlacementMemory(own, storage.tablePrefix(), storage.placements());
    var placementCheck = placementGuard.look();
    var ledger = new Ledger(own, storage.tablePrefix(), clock, random);
    metering =
        Metering.open(
            settings.usage().journal(),
            ledger,
            new Metering.Sources(clock, System::nanoTime, UUID::randomUUID));
    telemetry.usage(metering::status);
    telemetry.room(concurrencyLimit);
    var tenants = aws.tenants(metering.meter(), telemetry.credentials());
    var table = new TenantTable(tenants, storage.placements(), clock, random, metering.marks());

    var routes = new ArrayList<Route>();
    capabilities.forEach(capability -> routes.addAll(capability.routes(table, clock, random)));
    routes.add(metering.route(settings.usage().prices()));
    health =
        new Health(
            new Dependencies(
                    issuers,
                    new Tables(own, storage.placements()),
                    new UsageTable(own, storage.tablePrefix()),
                    placementGuard,
                    metering,
                    telemetry,
                    storage.createTables(),
                    clock)
                .list());
    // Build both filter chains before opening the first port, so a wiring error opens none.
    var managementHandler = managementHandler();
    var apiHandler = filterChain().to(routes);
    placementCheck.await(PLACEMENT_CHECK_TIMEOUT);
    management = listen("PARTYWALL_MANAGEMENT_PORT", settings.management(), managementHandler);
    api = listen("PARTYWALL_PORT", settings.listener(), apiHandler);
    metering.start(
        new Marks(tenants, storage.placements()), Commands::tenant, Metering.Intervals.DEFAULT);
  }

  /**
   * Starts the service with the given capabilities. It does not wait for dependencies; readiness
   * reports their state.
   *
   * @throws IOException if a port cannot be opened; the message names its variable
   * @throws JournalUnusable if usage could not be stored durably
   * @throws PlacementsChanged if a configured placement differs from the recorded one
   */
  public static Service start(Settings settings, List<Capability> capabilities)
      throws IOException, JournalUnusable, PlacementsChanged {
    return start(settings, capabilities, InstantSource.system());
  }

  /**
   * Starts the service with another clock, for tests of long periods.
   *
   * @throws IOException if a port cannot be opened; the message names its variable
   * @throws JournalUnusable if usage could not be stored durably
   * @throws PlacementsChanged if a configured placement differs from the recorded one
   */
  public static Service start(Settings settings, List<Capability> capabilities, InstantSource clock)
      throws IOException, JournalUnusable, PlacementsChanged {
    var service = new Service(settings, capabilities, clock);
    LOG.atInfo()
        .setMessage("Listening")
        .addKeyValue("port", service.port())
        .addKeyValue("managementPort", service.managementPort())
        .log();
    return service;
  }

  private Corridor filterChain() {
    var authenticate = new Authenticate(tokenPolicy(), issuers, clock, telemetry.tokens());
    return new Corridor(telemetry, metering, requestTimeout, concurrencyLimit, authenticate);
  }

  /** Returns the handler of the management port, which has no tenants and requires no token. */
  private Handler managementHandler() {
    var routes = new ArrayList<>(health.routes());
    routes.add(telemetry.metricsRoute());
    var router = new Router(routes);
    return Filter.corridor(
        List.of(telemetry.trace(), router.locating(), Corridor.problems(), new RefuseMalformed()),
        router.dispatching());
  }

  /** Returns the concurrency limit for this machine. */
  static Ceiling ceiling() {
    var processors = Runtime.getRuntime().availableProcessors();
    return new Ceiling(MAX_IN_FLIGHT_PER_PROCESSOR * processors, MAX_AWAITED_BODIES, QUEUE_TIMEOUT);
  }

  private Trust tokenPolicy() {
    var tokens = settings.tokens();
    return new Trust(
        Set.copyOf(tokens.audiences()),
        tokens.tenantClaims(),
        tokens.tierClaims(),
        tokens.longestLife(),
        tokens.tenantDomain());
  }

  private static JdkServer listen(String variable, Settings.Listener listener, Handler handler)
      throws IOException {
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
