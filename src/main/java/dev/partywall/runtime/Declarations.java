package dev.partywall.runtime;

import dev.partywall.http.Route;
import dev.partywall.service.Capability;
import dev.partywall.service.Counter;
import dev.partywall.service.Kernel;
import dev.partywall.service.Offering;
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
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/** The declarations of a service's capabilities. */
public final class Declarations {
  private final KernelDeclarations kernel;
  private final List<Offering> offerings = new ArrayList<>();

  private Declarations(KernelDeclarations kernel) {
    this.kernel = kernel;
  }

  /**
   * Collects the declarations.
   *
   * @param capabilities at least one
   * @param variables the environment, for the settings that the capabilities declare
   * @param random unpredictable and safe for use by concurrent threads
   * @throws IllegalArgumentException if a name is invalid or declared twice
   */
  public static Declarations of(
      List<Capability> capabilities,
      Map<String, String> variables,
      InstantSource clock,
      RandomGenerator random) {
    var declarations = new Declarations(new KernelDeclarations(variables, clock, random));
    capabilities.forEach(declarations::add);
    declarations.kernel.sealed = true;
    return declarations;
  }

  private void add(Capability capability) {
    var added = capability.of(kernel);
    if (offerings.stream().anyMatch(offering -> offering.name().equals(added.name()))) {
      throw new IllegalArgumentException("The capability is declared twice: " + added.name());
    }
    offerings.add(added);
  }

  /** Returns the name of the first capability: the default name of the service. */
  public String firstName() {
    return offerings.getFirst().name();
  }

  /** Returns the routes of all capabilities. */
  public List<Route> routes() {
    return offerings.stream().flatMap(offering -> offering.routes().stream()).toList();
  }

  /** Returns the meters of all capabilities. */
  Meters meters() {
    return kernel.meters;
  }

  /** Returns the counters of all capabilities. */
  List<DeclaredCounter> counters() {
    return List.copyOf(kernel.counters.values());
  }

  /** Connects the tables of the capabilities, which throw an exception until then. */
  public void connect(TenantTable.Connection connection) {
    kernel.connection.set(connection);
  }

  /** A counter with its sum. */
  record DeclaredCounter(String name, String help, LongAdder sum) implements Counter {
    @Override
    public void increment() {
      sum.increment();
    }
  }

  private record DeclaredSetting(String help, Optional<String> value) implements Setting {}

  /** The kernel that the capabilities see. Only the start uses it, in one thread. */
  private static final class KernelDeclarations implements Kernel {
    private static final Pattern VARIABLE = Pattern.compile("(?!PARTYWALL_|AWS_)[A-Z][A-Z0-9_]*");
    private static final Pattern METRIC = Pattern.compile("(?!partywall_)[a-z][a-z0-9_]*");

    private final Map<String, String> variables;
    private final InstantSource clock;
    private final Ids ids;
    private final AtomicReference<TenantTable.Connection> connection = new AtomicReference<>();
    private final TenantTable table = new TenantTable(this::requireConnection);
    private final Meters meters = new Meters();
    private final Map<String, Setting> settings = new LinkedHashMap<>();
    private final Map<String, DeclaredCounter> counters = new LinkedHashMap<>();
    private boolean sealed;

    KernelDeclarations(Map<String, String> variables, InstantSource clock, RandomGenerator random) {
      this.variables = variables;
      this.clock = clock;
      this.ids = new Ids(random);
    }

    private TenantTable.Connection requireConnection() {
      var connected = connection.get();
      if (connected == null) {
        throw new IllegalStateException("The table is used before the service has started");
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
      return meters.declare(name);
    }

    @Override
    public Setting setting(String variable, String help) {
      requireUnsealed(variable);
      var value =
          Optional.ofNullable(variables.get(variable))
              .map(String::strip)
              .filter(text -> !text.isEmpty());
      return declare(settings, VARIABLE, variable, new DeclaredSetting(help, value));
    }

    @Override
    public Counter counter(String name, String help) {
      requireUnsealed(name);
      return declare(counters, METRIC, name, new DeclaredCounter(name, help, new LongAdder()));
    }

    private void requireUnsealed(String name) {
      if (sealed) {
        throw new IllegalStateException(name + " is declared after the start");
      }
    }

    private static <T> T declare(Map<String, T> declared, Pattern form, String name, T value) {
      if (!form.matcher(name).matches()) {
        throw new IllegalArgumentException("The name is invalid: " + name);
      }
      if (declared.putIfAbsent(name, value) != null) {
        throw new IllegalArgumentException("The name is declared twice: " + name);
      }
      return value;
    }
  }
}
