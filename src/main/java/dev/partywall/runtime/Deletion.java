package dev.partywall.runtime;

import dev.partywall.http.Route;
import dev.partywall.metering.counting.HourlyCounts;
import dev.partywall.metering.counting.OpenHours;
import dev.partywall.metering.ledger.Ledger;
import dev.partywall.metering.ledger.UncountedHours;
import dev.partywall.operations.lifecycle.OperationPace;
import dev.partywall.operations.lifecycle.OperationUnits;
import dev.partywall.operations.lifecycle.TenantOperations;
import dev.partywall.operations.offboarding.OffboardingSteps;
import dev.partywall.operations.offboarding.OffboardingSteps.Coordination;
import dev.partywall.operations.tenants.OffboardingRoutes;
import dev.partywall.operations.tenants.OffboardingRules;
import dev.partywall.registry.RegistryClock;
import dev.partywall.storage.CountedWrites;
import dev.partywall.storage.silo.SiloDeletion;
import dev.partywall.tenancy.Execution;
import dev.partywall.tenancy.OperationKind;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * The deletion of tenants.
 *
 * @param registryClock compares the clock of this instance with that of the registry
 */
record Deletion(
    Settings settings,
    Tenancy tenancy,
    Ledger ledger,
    RegistryClock registryClock,
    Supplier<Execution> executions,
    InstantSource clock) {
  /**
   * Returns the steps.
   *
   * @param units receives the capacity that the deletions consume
   */
  OffboardingSteps steps(AwsClients aws, OperationPace pace, OperationUnits units) {
    var client = aws.operationDynamo(units.listener(OperationKind.OFFBOARDING, pace));
    var silos = settings.storage().provisionerRole().map(aws::assumedDynamo).map(SiloDeletion::new);
    return new OffboardingSteps(
        new OffboardingSteps.Storage(client, tenancy.locations(), silos, pace),
        new Coordination(
            tenancy.barrier()::waitingFor, registryClock::difference, System::nanoTime),
        () -> openHours(client),
        tenancy.receipts()::issue,
        clock);
  }

  private OpenHours openHours(DynamoDbClient client) {
    var writes = new CountedWrites(client, tenancy.locations());
    return new OpenHours(
        new UncountedHours(ledger), new HourlyCounts(writes, ledger, tenancy::tenant, executions));
  }

  /** Returns the operators' routes. */
  List<Route> routes(TenantOperations operations) {
    var offboarding = settings.offboarding();
    var rules = new OffboardingRules(offboarding.retention(), offboarding.receiptKey().isPresent());
    return OffboardingRoutes.of(
        tenancy.registry(), operations, rules, () -> UUID.randomUUID().toString(), clock);
  }
}
