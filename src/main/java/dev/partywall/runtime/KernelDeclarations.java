package dev.partywall.runtime;

import dev.partywall.metering.meter.ServiceMeters;
import dev.partywall.peers.Peers;
import dev.partywall.runtime.Declarations.DeclaredCounter;
import dev.partywall.runtime.Declarations.DeclaredSetting;
import dev.partywall.service.Counter;
import dev.partywall.service.Feature;
import dev.partywall.service.Kernel;
import dev.partywall.service.Offering;
import dev.partywall.service.Peer;
import dev.partywall.service.Setting;
import dev.partywall.storage.IdempotentWrites;
import dev.partywall.storage.Ids;
import dev.partywall.storage.Meter;
import dev.partywall.storage.Meters;
import dev.partywall.storage.TenantTable;
import dev.partywall.tenancy.Tiers;
import dev.partywall.tenancy.features.DeclaredFeature;
import dev.partywall.tenancy.features.Features;
import java.time.InstantSource;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The kernel that the capabilities see. Only the start uses it, in one thread. */
final class KernelDeclarations implements Kernel {
  private static final Pattern VARIABLE = Pattern.compile("(?!PARTYWALL_|AWS_)[A-Z][A-Z0-9_]*");

  /** The form of the names of features and collections. */
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,31}");

  /** The prefixes of the kernel's own metrics, and the suffixes of the format, are reserved. */
  private static final Pattern METRIC =
      Pattern.compile(
          "(?!(?:partywall|http|db|rpc|jvm)_)[a-z][a-z0-9_]*(?<!_(?:total|created|bucket|info))");

  private final Environment variables;
  private final InstantSource clock;
  private final Ids ids;
  private final AtomicReference<TenantTable.Connection> connection = new AtomicReference<>();
  private final AtomicReference<Peers> peerCalls = new AtomicReference<>();
  private final AtomicReference<Features> evaluation = new AtomicReference<>();
  private final AtomicReference<Consumer<String>> featureUses = new AtomicReference<>(_ -> {});
  private final Map<String, Peer> peers = new LinkedHashMap<>();
  private final Map<String, String> collections = new LinkedHashMap<>();
  private final TenantTable table =
      new TenantTable(() -> requireStarted(connection.get(), "The table"), this::isPermitted);
  private final Meters meters = new Meters();
  private final Map<String, DeclaredSetting> settings = new LinkedHashMap<>();
  private final Map<String, DeclaredCounter> counters = new LinkedHashMap<>();
  private final Map<String, DeclaredFeature> features = new LinkedHashMap<>();
  private boolean permitsAnyCollection;
  private boolean sealed;

  private record EvaluatedFeature(
      String name, Supplier<Features> evaluation, Supplier<Consumer<String>> useListener)
      implements Feature {
    @Override
    public boolean isOn() {
      var on = evaluation.get().isOn(name);
      if (on) {
        useListener.get().accept(name);
      }
      return on;
    }
  }

  KernelDeclarations(Map<String, String> variables, InstantSource clock, RandomGenerator random) {
    this.variables = new Environment(variables);
    this.clock = clock;
    this.ids = new Ids(random);
  }

  /** Ends the declarations: a later one throws an exception. */
  void seal() {
    sealed = true;
  }

  Meters meters() {
    return meters;
  }

  List<DeclaredSetting> settings() {
    return List.copyOf(settings.values());
  }

  List<DeclaredCounter> counters() {
    return List.copyOf(counters.values());
  }

  Collection<DeclaredFeature> features() {
    return List.copyOf(features.values());
  }

  /** Returns the declared collections; empty if each valid name is permitted. */
  Set<String> collections() {
    return permitsAnyCollection ? Set.of() : Set.copyOf(collections.keySet());
  }

  /** Returns the number of collections that are declared until now. */
  int collectionCount() {
    return collections.size();
  }

  /** Permits all collections: a capability has declared none, and may write to any. */
  void permitAnyCollection() {
    permitsAnyCollection = true;
  }

  Set<String> peers() {
    return Set.copyOf(peers.keySet());
  }

  void connect(TenantTable.Connection tables) {
    connection.set(tables);
  }

  void connect(Peers calls) {
    peerCalls.set(calls);
  }

  void connect(Features opened) {
    evaluation.set(opened);
  }

  void onFeatureUse(Consumer<String> listener) {
    featureUses.set(listener);
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

  private boolean isPermitted(String collection) {
    return permitsAnyCollection || collections.containsKey(collection);
  }

  @Override
  public String collection(String name) {
    requireUnsealed(name);
    if (IdempotentWrites.isCollection(name)) {
      throw new IllegalArgumentException("The kernel has a collection of this name: " + name);
    }
    return declare(collections, NAME.asMatchPredicate(), name, name);
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
  public Feature feature(String name, String... onInTiers) {
    requireUnsealed(name);
    for (var tier : onInTiers) {
      requireForm(Tiers::isName, tier);
    }
    declare(features, NAME.asMatchPredicate(), name, new DeclaredFeature(name, Set.of(onInTiers)));
    return new EvaluatedFeature(
        name, () -> requireStarted(evaluation.get(), "A feature"), featureUses::get);
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
    requireForm(form, name);
    if (declared.putIfAbsent(name, value) != null) {
      throw new IllegalArgumentException("The name is declared twice: " + name);
    }
    return value;
  }

  private static void requireForm(Predicate<String> form, String name) {
    if (!form.test(name)) {
      throw new IllegalArgumentException("The name is invalid: " + name);
    }
  }
}
