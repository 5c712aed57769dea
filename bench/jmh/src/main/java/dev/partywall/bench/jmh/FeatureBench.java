package dev.partywall.bench.jmh;

import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantContext;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.Tiers;
import dev.partywall.tenancy.features.DeclaredFeature;
import dev.partywall.tenancy.features.Features;
import dev.partywall.tenancy.features.TierFeatures;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Measures the evaluation of a feature of the bound tenant through OpenFeature. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class FeatureBench {
  private static final String NAME = "order-notes";
  private static final Set<String> ON_IN = Set.of("standard", "premium");

  private final Tenant tenant = new Tenant(new TenantId("acme"), "premium");
  private final Features features =
      Features.open(
          new TierFeatures(Tiers.BUILT_IN, List.of(new DeclaredFeature(NAME, ON_IN))),
          Tiers.BUILT_IN,
          List.of(NAME));

  /** The baseline: the decision without OpenFeature. */
  @Benchmark
  public boolean baseline() {
    return TenantContext.call(
        tenant, () -> ON_IN.contains(Tiers.BUILT_IN.of(TenantContext.current()).name()));
  }

  /** A feature that is on, as business code evaluates it. */
  @Benchmark
  public boolean isOn() {
    return TenantContext.call(tenant, () -> features.isOn(NAME));
  }

  /** Shuts the provider down. */
  @TearDown
  public void close() {
    features.close();
  }
}
