package dev.partywall.runtime;

import dev.partywall.http.Response;
import dev.partywall.http.Route;
import dev.partywall.http.Router;
import dev.partywall.metering.meter.ServiceMeters;
import dev.partywall.peers.Peers;
import dev.partywall.runtime.openapi.OpenApiDocument;
import dev.partywall.service.Capability;
import dev.partywall.service.Counter;
import dev.partywall.service.Kernel;
import dev.partywall.service.Offering;
import dev.partywall.service.Peer;
import dev.partywall.service.Setting;
import dev.partywall.storage.Ids;
import dev.partywall.storage.Meter;
import dev.partywall.storage.Meters;
import dev.partywall.storage.TenantTable;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The declarations of a service's capabilities. */
public final class Declarations {
  /** The paths that the kernel serves for GET. */
  private static final List<String> KERNEL_ROUTES = List.of("/openapi.json", "/usage");

  private final KernelDeclarations kernel;
  private final String version;
  private final List<Offering> offerings = new ArrayList<>();

  private Declarations(KernelDeclarations kernel, Optional<Class<?>> capability) {
    this.kernel = kernel;
    this.version =
        capability
            .map(type -> type.getPackage().getImplementationVersion())
            .orElse("(not packaged)");
  }

  /**
   * Collects the declarations.
   *
   * @param capabilities at least one
   * @param variables the environment, for the settings that the capabilities declare
   * @param random unpredictable and safe for use by concurrent threads
   * @throws IllegalArgumentException if a capability fails, for example because a name is invalid
   *     or declared twice, or if two routes have the same method and path
   */
  public static Declarations of(
      List<Capability> capabilities,
      Map<String, String> variables,
      InstantSource clock,
      RandomGenerator random) {
    if (capabilities.isEmpty()) {
      throw new IllegalArgumentException("A service requires at least one capability");
    }
    var kernel = new KernelDeclarations(variables, clock, random);
    var declarations =
        new Declarations(
            kernel, capabilities.stream().<Class<?>>map(Capability::getClass).findFirst());
    capabilities.forEach(declarations::add);
    declarations.kernel.sealed = true;
    declarations.requireDistinctRoutes();
    return declarations;
  }

  private void add(Capability capability) {
    var added = offering(capability);
    if (offerings.stream().anyMatch(offering -> offering.name().equals(added.name()))) {
      throw new IllegalArgumentException("The capability is declared twice: " + added.name());
    }
    offerings.add(added);
  }

  /** Returns the offering. The message of an unexpected failure names its location. */
  private Offering offering(Capability capability) {
    try {
      return capability.of(kernel);
    } catch (IllegalArgumentException | IllegalStateException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    } catch (RuntimeException e) {
      var location = e.getStackTrace().length == 0 ? "" : " at " + e.getStackTrace()[0];
      throw new IllegalArgumentException("A capability failed: " + e + location, e);
    }
  }

  /** Rejects two routes with the same method and path, also if the kernel serves one of them. */
  private void requireDistinctRoutes() {
    var all = new ArrayList<>(routes());
    KERNEL_ROUTES.forEach(path -> all.add(Route.open("GET", path, _ -> Response.of(404))));
    var _ = new Router(all);
  }

  /** Returns the name of the first capability: the default name of the service. */
  public String firstName() {
    return offerings.getFirst().name();
  }

  /** Returns the routes of all capabilities. */
  public List<Route> routes() {
    return offerings.stream().flatMap(offering -> offering.routes().stream()).toList();
  }

  /**
   * Returns the routes of the service: those of all capabilities, those of the kernel, and {@code
   * GET /openapi.json}.
   *
   * @param service the name of the service
   * @throws OpenApiDocument.InvalidDescriptionException with all faults
   */
  public List<Route> routes(String service, List<Route> kernelRoutes) {
    var info = new OpenApiDocument.ServiceInfo(service, version);
    var description = OpenApiDocument.route(info, offerings, kernel.meters, kernelRoutes);
    return Stream.of(routes(), kernelRoutes, List.of(description)).flatMap(List::stream).toList();
  }

  /** Returns the kernel's meters and those of all capabilities. */
  public ServiceMeters meters() {
    return ServiceMeters.of(kernel.meters.all());
  }

  /** Returns the settings of all capabilities, in the order of their declaration. */
  List<DeclaredSetting> settings() {
    return List.copyOf(kernel.settings.values());
  }

  /** Returns the counters of all capabilities. */
  List<DeclaredCounter> counters() {
    return List.copyOf(kernel.counters.values());
  }

  /** Connects the tables of the capabilities, which throw an exception until then. */
  public void connect(TenantTable.Connection connection) {
    kernel.connection.set(connection);
  }

  /** Returns the names of the peers of all capabilities. */
  Set<String> peers() {
    return Set.copyOf(kernel.peers.keySet());
  }

  /** Connects the peers of the capabilities, which throw an exception until then. */
  void connect(Peers peers) {
    kernel.peerCalls.set(peers);
  }

  /** A counter with its sum. */
  record DeclaredCounter(String name, String help, LongAdder sum) implements Counter {
    @Override
    public void increment() {
      sum.increment();
    }
  }

  /** A setting with its sentence for the help. */
  record DeclaredSetting(String variable, String help, Optional<String> value) implements Setting {}

  /** The kernel that the capabilities see. Only the start uses it, in one thread. */
  private static final class KernelDeclarations implements Kernel {
    private static final Pattern VARIABLE = Pattern.compile("(?!PARTYWALL_|AWS_)[A-Z][A-Z0-9_]*");

    /** The prefixes of the kernel's own metrics, and the suffixes of the format, are reserved. */
    private static final Pattern METRIC =
        Pattern.compile(
            "(?!(?:partywall|http|db|rpc|jvm)_)[a-z][a-z0-9_]*(?<!_(?:total|created|bucket|info))");

    private final Environment variables;
    private final InstantSource clock;
    private final Ids ids;
    private final AtomicReference<TenantTable.Connection> connection = new AtomicReference<>();
    private final AtomicReference<Peers> peerCalls = new AtomicReference<>();
    private final Map<String, Peer> peers = new LinkedHashMap<>();
    private final TenantTable table =
        new TenantTable(() -> requireStarted(connection.get(), "The table"));
    private final Meters meters = new Meters();
    private final Map<String, DeclaredSetting> settings = new LinkedHashMap<>();
    private final Map<String, DeclaredCounter> counters = new LinkedHashMap<>();
    private boolean sealed;

    KernelDeclarations(Map<String, String> variables, InstantSource clock, RandomGenerator random) {
      this.variables = new Environment(variables);
      this.clock = clock;
      this.ids = new Ids(random);
    }

    private static <T> T requireStarted(@Nullable T connected, String subject) {
      if (connected == null) {
        throw new IllegalStateException(subject + " is used before the service has started");
      }
      return connected;
    }

    @Override
    public TenantTable table() {
      return table;
    }

    @Override
    public InstantSource clock() {
      return clock;
    }

    @Override
    public Ids ids() {
      return ids;
    }

    @Override
    public Meter meter(String name) {
      requireUnsealed(name);
      if (ServiceMeters.isReserved(name)) {
        throw new IllegalArgumentException("The kernel has a meter of this name: " + name);
      }
      return meters.declare(name);
    }

    @Override
    public Setting setting(String variable, String help) {
      requireUnsealed(variable);
      var setting = new DeclaredSetting(variable, help, variables.optional(variable));
      return declare(settings, VARIABLE.asMatchPredicate(), variable, setting);
    }

    @Override
    public Counter counter(String name, String help) {
      requireUnsealed(name);
      var counter = new DeclaredCounter(name, help, new LongAdder());
      return declare(counters, METRIC.asMatchPredicate(), name, counter);
    }

    @Override
    public Peer service(String name) {
      requireUnsealed(name);
      return declare(
          peers,
          Offering::isName,
          name,
          call -> requireStarted(peerCalls.get(), "A peer").send(name, call));
    }

    private void requireUnsealed(String name) {
      if (sealed) {
        throw new IllegalStateException(name + " is declared after the start");
      }
    }

    private static <T> T declare(
        Map<String, T> declared, Predicate<String> form, String name, T value) {
      if (!form.test(name)) {
        throw new IllegalArgumentException("The name is invalid: " + name);
      }
      if (declared.putIfAbsent(name, value) != null) {
        throw new IllegalArgumentException("The name is declared twice: " + name);
      }
      return value;
    }
  }
}
