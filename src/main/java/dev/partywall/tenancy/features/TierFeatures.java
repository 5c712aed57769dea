package dev.partywall.tenancy.features;

import dev.openfeature.sdk.EvaluationContext;
import dev.openfeature.sdk.FeatureProvider;
import dev.openfeature.sdk.Metadata;
import dev.openfeature.sdk.ProviderEvaluation;
import dev.openfeature.sdk.Reason;
import dev.openfeature.sdk.Value;
import dev.openfeature.sdk.exceptions.FlagNotFoundError;
import dev.openfeature.sdk.exceptions.TypeMismatchError;
import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantContext;
import dev.partywall.tenancy.Tiers;
import java.util.Collection;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The built-in provider. A feature of the bound tenant is on or off by the first of these that
 * states it: the tenant's override, its tier in the tiers file, the declaration.
 *
 * <p>Ignores the evaluation context, which a caller could forge.
 */
public final class TierFeatures implements FeatureProvider {
  private final Tiers tiers;
  private final Map<String, DeclaredFeature> declared;

  /** Creates a provider for these features. */
  public TierFeatures(Tiers tiers, Collection<DeclaredFeature> declared) {
    this.tiers = tiers;
    this.declared =
        declared.stream()
            .collect(Collectors.toUnmodifiableMap(DeclaredFeature::name, Function.identity()));
  }

  @Override
  public Metadata getMetadata() {
    return () -> "partywall-tiers";
  }

  @Override
  public ProviderEvaluation<Boolean> getBooleanEvaluation(
      String key, Boolean defaultValue, EvaluationContext ignored) {
    return ProviderEvaluation.<Boolean>builder()
        .value(isOn(key, TenantContext.current()))
        .reason(Reason.TARGETING_MATCH.name())
        .build();
  }

  private boolean isOn(String name, Tenant tenant) {
    var feature = declared.get(name);
    if (feature == null) {
      throw new FlagNotFoundError("The feature is not declared: " + name);
    }
    var override = tenant.overrides().features().get(name);
    if (override != null) {
      return override;
    }
    var tier = tiers.of(tenant);
    return tier.features().getOrDefault(name, feature.onInTiers().contains(tier.name()));
  }

  @Override
  public ProviderEvaluation<String> getStringEvaluation(
      String key, String defaultValue, EvaluationContext ignored) {
    throw notBoolean();
  }

  @Override
  public ProviderEvaluation<Integer> getIntegerEvaluation(
      String key, Integer defaultValue, EvaluationContext ignored) {
    throw notBoolean();
  }

  @Override
  public ProviderEvaluation<Double> getDoubleEvaluation(
      String key, Double defaultValue, EvaluationContext ignored) {
    throw notBoolean();
  }

  @Override
  public ProviderEvaluation<Value> getObjectEvaluation(
      String key, Value defaultValue, EvaluationContext ignored) {
    throw notBoolean();
  }

  private static TypeMismatchError notBoolean() {
    return new TypeMismatchError("A feature is on or off.");
  }
}
