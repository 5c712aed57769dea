package dev.partywall.tenancy.features;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.openfeature.sdk.ErrorCode;
import dev.openfeature.sdk.EvaluationContext;
import dev.openfeature.sdk.FeatureProvider;
import dev.openfeature.sdk.ImmutableContext;
import dev.openfeature.sdk.NoOpProvider;
import dev.openfeature.sdk.OpenFeatureAPI;
import dev.openfeature.sdk.ProviderEvaluation;
import dev.openfeature.sdk.Value;
import dev.openfeature.sdk.exceptions.GeneralError;
import dev.partywall.tenancy.Limits;
import dev.partywall.tenancy.Overrides;
import dev.partywall.tenancy.Placement;
import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantContext;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.TenantRecord;
import dev.partywall.tenancy.TenantStatus;
import dev.partywall.tenancy.Tier;
import dev.partywall.tenancy.Tiers;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class FeaturesTest {
  private static final List<DeclaredFeature> DECLARED =
      List.of(
          new DeclaredFeature("order-notes", Set.of("standard", "premium")),
          new DeclaredFeature("exports", Set.of()));
  private static final Tenant FREE = new Tenant(new TenantId("acme"), "free");
  private static final Tenant PREMIUM = new Tenant(new TenantId("globex"), "premium");

  @Test
  void theTierDecides() {
    try (var features = builtIn(Tiers.BUILT_IN)) {
      assertEquals(Map.of("exports", false, "order-notes", false), all(features, FREE));
      assertEquals(Map.of("exports", false, "order-notes", true), all(features, PREMIUM));
      assertFalse(isOn(features, new Tenant(FREE.id(), "gold"))); // unknown: counts as free
      assertFalse(isOn(features, new Tenant(FREE.id())));
      assertEquals(0, features.errors());
    }
  }

  @Test
  void theTiersFileChangesTheDeclarationAndAnOverrideChangesBoth() {
    var tiers =
        new Tiers(
            Map.of(
                "free", tier("free", Map.of("order-notes", true)),
                "premium", tier("premium", Map.of("order-notes", false)),
                "standard", tier("standard", Map.of("exports", true))));
    try (var features = builtIn(tiers)) {
      assertTrue(isOn(features, FREE));
      assertFalse(isOn(features, PREMIUM));
      assertTrue(isOn(features, new Tenant(FREE.id(), "standard"))); // as declared
      assertFalse(isOn(features, registered("free", Map.of("order-notes", false))));
      assertTrue(isOn(features, registered("premium", Map.of("order-notes", true))));
      assertFalse(isOn(features, registered("premium", Map.of("exports", true))));
    }
  }

  @Test
  void aFeatureIsOffWithoutATenantOrADeclaration() {
    try (var features = builtIn(Tiers.BUILT_IN)) {
      assertFalse(features.isOn("order-notes"));
      assertEquals(1, features.errors());
      assertFalse(TenantContext.call(PREMIUM, () -> features.isOn("imports")));
      assertEquals(2, features.errors());
    }
  }

  /** The context names a tenant and a tier for which the feature is on, at every level. */
  @Test
  void aForgedTenantInTheEvaluationContextHasNoEffect() {
    var forged =
        new ImmutableContext(
            "globex", Map.of("tenant", new Value("globex"), "tier", new Value("premium")));
    var provider = new TierFeatures(Tiers.BUILT_IN, DECLARED);
    var api = OpenFeatureAPI.createIsolated();
    api.setEvaluationContext(forged);
    api.setProviderAndWait(provider);
    var client = api.getClient().setEvaluationContext(forged);
    TenantContext.run(
        FREE,
        () -> {
          assertFalse(client.getBooleanValue("order-notes", true, forged));
          assertFalse(provider.getBooleanEvaluation("order-notes", true, forged).getValue());
        });
    assertTrue(TenantContext.call(PREMIUM, () -> client.getBooleanValue("order-notes", false)));
    api.shutdown();
  }

  @Test
  void anotherProviderReceivesTheBoundTenantAndItsTier() {
    var received = new ArrayList<EvaluationContext>();
    var provider =
        provider(context -> {
          received.add(context);
          return evaluation(context.getTargetingKey().equals("acme"));
        });
    try (var features = open(provider)) {
      assertTrue(isOn(features, FREE));
      assertFalse(isOn(features, PREMIUM));
      assertFalse(features.isOn("order-notes")); // no tenant is bound
      assertFalse(isOn(features, new Tenant(new TenantId("initech"), "gold")));
    }
    assertEquals(
        List.of("acme", "globex", "initech"),
        received.stream().map(EvaluationContext::getTargetingKey).toList());
    assertEquals(
        List.of("free", "premium", "free"),
        received.stream().map(context -> context.getValue("tier").asString()).toList());
  }

  @Test
  void aFeatureIsOffIfTheProviderFails() {
    var failures =
        List.<Function<EvaluationContext, ProviderEvaluation<Boolean>>>of(
            _ -> {
              throw new IllegalArgumentException("broken");
            },
            _ -> {
              throw new GeneralError("broken");
            },
            _ ->
                ProviderEvaluation.<Boolean>builder()
                    .value(true)
                    .errorCode(ErrorCode.GENERAL)
                    .build());
    for (var failure : failures) {
      try (var features = open(provider(failure))) {
        assertFalse(isOn(features, PREMIUM));
        assertEquals(1, features.errors());
      }
    }
  }

  @Test
  void theStartFailsIfTheProviderCannotBeInitialized() {
    var broken =
        new NoOpProvider() {
          @Override
          public void initialize(EvaluationContext context) {
            throw new GeneralError("no connection");
          }
        };
    var failure = assertThrows(RuntimeException.class, () -> open(broken));
    assertTrue(String.valueOf(failure.getMessage()).contains("no connection"), failure::toString);
  }

  @Test
  void onlyTheBindingSelectsTheTenant() {
    var propagator = new BoundTenantContext(Tiers.BUILT_IN);
    assertThrows(
        UnsupportedOperationException.class,
        () -> propagator.setTransactionContext(new ImmutableContext("globex")));
    assertTrue(propagator.getTransactionContext().isEmpty());
  }

  private static Features builtIn(Tiers tiers) {
    return Features.open(
        new TierFeatures(tiers, DECLARED), tiers, List.of("order-notes", "exports"));
  }

  private static Features open(FeatureProvider provider) {
    return Features.open(provider, Tiers.BUILT_IN, List.of("order-notes"));
  }

  private static FeatureProvider provider(
      Function<EvaluationContext, ProviderEvaluation<Boolean>> evaluation) {
    return new NoOpProvider() {
      @Override
      public ProviderEvaluation<Boolean> getBooleanEvaluation(
          String key, Boolean defaultValue, EvaluationContext context) {
        return evaluation.apply(context);
      }
    };
  }

  private static ProviderEvaluation<Boolean> evaluation(boolean value) {
    return ProviderEvaluation.<Boolean>builder().value(value).build();
  }

  private static boolean isOn(Features features, Tenant tenant) {
    return TenantContext.call(tenant, () -> features.isOn("order-notes"));
  }

  private static Map<String, Boolean> all(Features features, Tenant tenant) {
    return TenantContext.call(tenant, features::all);
  }

  private static Tier tier(String name, Map<String, Boolean> features) {
    return new Tier(name, Limits.NONE, Optional.empty(), features);
  }

  private static Tenant registered(String tier, Map<String, Boolean> features) {
    return new Tenant(
        new TenantRecord(
            FREE.id(),
            "Acme GmbH",
            tier,
            TenantStatus.ACTIVE,
            new Placement.Pool(),
            new Overrides(Map.of(), features),
            Set.of(),
            Instant.EPOCH,
            Instant.EPOCH,
            1,
            1));
  }
}
