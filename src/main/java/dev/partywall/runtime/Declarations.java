package dev.partywall.runtime;

import dev.openfeature.sdk.FeatureProvider;
import dev.partywall.http.Response;
import dev.partywall.http.Route;
import dev.partywall.http.Router;
import dev.partywall.metering.meter.ServiceMeters;
import dev.partywall.peers.Peers;
import dev.partywall.runtime.openapi.OpenApiDocument;
import dev.partywall.service.Capability;
import dev.partywall.service.Counter;
import dev.partywall.service.Offering;
import dev.partywall.service.Setting;
import dev.partywall.storage.TenantTable;
import dev.partywall.tenancy.Tiers;
import dev.partywall.tenancy.features.DeclaredFeature;
import dev.partywall.tenancy.features.Features;
import dev.partywall.tenancy.features.TierFeatures;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The declarations of a service's capabilities. */
public final class Declarations {
  /** The paths that the kernel serves for GET. */
  private static final List<String> KERNEL_ROUTES =
      List.of(
          "/openapi.json",
          "/tenant",
          "/usage",
          "/usage/tenants",
          "/tenants",
          "/tenants/{id}",
          "/tenants/{id}/usage");

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
    kernel.seal();
    declarations.requireDistinctRoutes();
    declarations.requireOneFeatureProvider();
    return declarations;
  }

  private void add(Capability capability) {
    var declared = kernel.collectionCount();
    var added = offering(capability);
    if (kernel.collectionCount() == declared) {
      kernel.permitAnyCollection();
    }
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

  private void requireOneFeatureProvider() {
    if (featureProviders().count() > 1) {
      throw new IllegalArgumentException("Two capabilities provide a feature provider");
    }
  }

  private Stream<FeatureProvider> featureProviders() {
    return offerings.stream().flatMap(offering -> offering.featureProvider().stream());
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
   * Returns the routes of the service: those of all capabilities, those of the kernel, and last
   * {@code GET /openapi.json}. A described route has the query parameters of its description.
   *
   * @param service the name of the service
   * @throws OpenApiDocument.InvalidDescriptionException with all faults
   */
  public List<Route> routes(String service, List<Route> kernelRoutes) {
    var info = new OpenApiDocument.ServiceInfo(service, version);
    return OpenApiDocument.routes(info, offerings, kernel.meters(), kernelRoutes);
  }

  /** Returns the kernel's meters and those of all capabilities. */
  public ServiceMeters meters() {
    return ServiceMeters.of(kernel.meters().all());
  }

  /** Returns the settings of all capabilities, in the order of their declaration. */
  List<DeclaredSetting> settings() {
    return kernel.settings();
  }

  /** Returns the counters of all capabilities. */
  List<DeclaredCounter> counters() {
    return kernel.counters();
  }

  /** Returns the collections of all capabilities; empty if one of them declares none. */
  Set<String> collections() {
    return kernel.collections();
  }

  /** Connects the tables of the capabilities, which throw an exception until then. */
  public void connect(TenantTable.Connection connection) {
    kernel.connect(connection);
  }

  /** Returns the names of the peers of all capabilities. */
  Set<String> peers() {
    return kernel.peers();
  }

  /** Connects the peers of the capabilities, which throw an exception until then. */
  void connect(Peers peers) {
    kernel.connect(peers);
  }

  /** Returns the names of the features of all capabilities. */
  Set<String> features() {
    return kernel.features().stream()
        .map(DeclaredFeature::name)
        .collect(Collectors.toUnmodifiableSet());
  }

  /**
   * Starts to evaluate the features of the capabilities, which throw an exception until then.
   *
   * @throws dev.openfeature.sdk.exceptions.OpenFeatureError if the provider of a capability cannot
   *     be initialized
   */
  public Features openFeatures(Tiers tiers) {
    var provider =
        featureProviders().findFirst().orElseGet(() -> new TierFeatures(tiers, kernel.features()));
    var features = Features.open(provider, tiers, features());
    kernel.connect(features);
    return features;
  }

  /** Calls the listener with the name of a feature, each time a capability finds it to be on. */
  public void onFeatureUse(Consumer<String> listener) {
    kernel.onFeatureUse(listener);
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
}
