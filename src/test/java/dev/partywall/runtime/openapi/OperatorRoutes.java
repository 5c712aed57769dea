package dev.partywall.runtime.openapi;

import dev.partywall.http.Route;
import dev.partywall.operations.lifecycle.CheckedClock;
import dev.partywall.operations.lifecycle.OperationRunner;
import dev.partywall.operations.lifecycle.TenantOperations;
import dev.partywall.operations.tenants.OffboardingRoutes;
import dev.partywall.operations.tenants.OffboardingRules;
import dev.partywall.operations.tenants.TenantRoutes;
import dev.partywall.operations.tenants.TenantRules;
import dev.partywall.storage.Ids;
import dev.partywall.tenancy.Tiers;
import dev.partywall.tenancy.registry.TenantRegistry;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.mockito.Mockito;

/** The operators' routes without a registry. They are only described, and not called. */
final class OperatorRoutes {
  private OperatorRoutes() {}

  static List<Route> all() {
    TenantRegistry registry = Mockito.mock();
    var runner =
        new OperationRunner(
            Mockito.mock(), registry, List.of(), Mockito.mock(), Mockito.mock(), System::nanoTime);
    var operations = new TenantOperations(Mockito.mock(), runner);
    var clock = new CheckedClock(InstantSource.system(), Optional::empty);
    var rules = new TenantRules(Tiers.BUILT_IN, Set.of(), Set.of());
    var ids = new Ids(new SecureRandom());
    var tenants = TenantRoutes.of(registry, operations, rules, Optional.empty(), ids, clock);
    var offboarding = new OffboardingRules(Duration.ZERO, true);
    var deletion = OffboardingRoutes.of(registry, operations, offboarding, () -> "1", clock);
    var bills =
        Stream.of("/tenants/{id}/usage", "/usage/tenants")
            .map(path -> Route.operator("GET", path, "tenants:read", OpenApiFixture.END))
            .toList();
    return Stream.of(tenants, bills, deletion).flatMap(List::stream).toList();
  }
}
