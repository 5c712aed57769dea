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

/** The service, put together by hand: what there is, who gets what, and the order of the doors. */
public final class Service {
  private static final Logger LOG = LoggerFactory.getLogger(Service.class);

  /** So that the answer is out before a caller's 10 s are over. */
  static final Duration LONGEST_REQUEST = Duration.ofMillis(9_500);

  /**
   * Requests in hand, for each processor: enough to keep it busy while DynamoDB takes 50 ms an
   * answer. More than it can do would only wait, and be given up by their callers once they are
   * done.
   */
  private static final int IN_HAND_PER_PROCESSOR = 256;

  /** Callers whose bodies are waited for: 1.5 GB at the worst, while they are put together. */
  private static final int MOST_AWAITED = 2_000;

  /** What a request that found the service full waits for a place. */
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  /** What a start waits to know that nobody's data would be left behind; readiness waits longer. */
  private static final Duration START_PATIENCE = Duration.ofSeconds(3);

  private final Settings settings;
  private final InstantSource clock;
  private final SecureRandom random = new SecureRandom();
  private final Signals signals;
  private final Deadline deadline = new Deadline(LONGEST_REQUEST);
  private final Ceiling ceiling = ceiling();
  private final Issuers issuers;
  private final Metering metering;
  private final Health health;
  private final JdkServer management;
  private final JdkServer api;

  private Service(Settings settings, List<Capability> capabilities, InstantSource clock)
      throws IOException, JournalUnusable, PlacementsChanged {
    this.settings = settings;
    this.clock = clock;
    signals = new Signals(random, clock);
    issuers = new Issuers(settings.tokens().issuers().stream().map(Issuer::new).toList(), clock);

    var storage = settings.storage();
    var aws = new AwsClients(settings, clock, random, signals.interceptors());
    // The first words with an issuer and with DynamoDB take the longest of a start: both are
    // exchanged while the rest is put together.
    issuers.start();
    var own = aws.own();
    var memory = new PlacementMemory(own, storage.tablePrefix(), storage.placements());
    var placed = memory.look();
    var ledger = new Ledger(own, storage.tablePrefix(), clock, random);
    metering =
        Metering.open(
            settings.usage().journal(),
            ledger,
            new Metering.Sources(clock, System::nanoTime, UUID::randomUUID));
    signals.usage(metering::status);
    signals.room(ceiling);
    var tenants = aws.tenants(metering.meter(), signals.credentials());
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
                    memory,
                    metering,
                    signals,
                    storage.createTables(),
                    clock)
                .list());
    // Both corridors before the first port: what can't be put together opens none.
    var inside = operations();
    var outside = corridor().to(routes);
    placed.await(START_PATIENCE);
    management = listen("PARTYWALL_MANAGEMENT_PORT", settings.management(), inside);
    api = listen("PARTYWALL_PORT", settings.listener(), outside);
    metering.start(
        new Marks(tenants, storage.placements()), Commands::tenant, Metering.Intervals.DEFAULT);
  }

  /**
   * Starts to serve these capabilities. It does not wait until what the service leans on is there:
   * readiness tells about that.
   *
   * @throws IOException when a port can't be had; the message names its variable
   * @throws JournalUnusable when usage would not be safe
   * @throws PlacementsChanged when a tenant is to live elsewhere than its data does
   */
  public static Service start(Settings settings, List<Capability> capabilities)
      throws IOException, JournalUnusable, PlacementsChanged {
    return start(settings, capabilities, InstantSource.system());
  }

  /**
   * The same by another clock, for tests that can't wait an hour.
   *
   * @throws IOException as above
   * @throws JournalUnusable as above
   * @throws PlacementsChanged as above
   */
  public static Service start(Settings settings, List<Capability> capabilities, InstantSource clock)
      throws IOException, JournalUnusable, PlacementsChanged {
    var service = new Service(settings, capabilities, clock);
    LOG.atInfo()
        .setMessage("listening")
        .addKeyValue("port", service.port())
        .addKeyValue("managementPort", service.managementPort())
        .log();
    return service;
  }

  private Corridor corridor() {
    var authenticate = new Authenticate(trust(), issuers, clock, signals.tokens());
    return new Corridor(signals, metering, deadline, ceiling, authenticate);
  }

  /** What the management port offers; it knows no tenants and asks for no token. */
  private Handler operations() {
    var routes = new ArrayList<>(health.routes());
    routes.add(signals.metricsRoute());
    var router = new Router(routes);
    return Filter.corridor(
        List.of(signals.trace(), router.locating(), Corridor.problems(), new RefuseMalformed()),
        router.dispatching());
  }

  /** The most that this machine takes at once. */
  static Ceiling ceiling() {
    var processors = Runtime.getRuntime().availableProcessors();
    return new Ceiling(IN_HAND_PER_PROCESSOR * processors, MOST_AWAITED, PATIENCE);
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

  /** The public port. */
  public int port() {
    return api.port();
  }

  /** The management port. */
  public int managementPort() {
    return management.port();
  }

  /**
   * Leaves without losing a request or its usage; false when patience ran out before all were
   * finished, or the journal could not be written. What waits for others (requests, the ledger, a
   * reader of the log) has to make do with one patience.
   */
  public boolean drain() {
    LOG.info("draining");
    var end = System.nanoTime() + settings.drain().toNanos();
    health.drain();
    var finished = api.drain(settings.drain());
    var metered = metering.close(Duration.ofNanos(end - System.nanoTime()));
    management.close();
    issuers.close();
    health.close();
    deadline.close();
    signals.close(Duration.ofNanos(end - System.nanoTime()));
    LOG.info(finished ? "drained" : "stopped with requests in flight");
    return finished && metered;
  }
}
