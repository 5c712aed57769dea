package dev.partywall.runtime;

import dev.partywall.http.Route;
import dev.partywall.metering.counting.HourlyCounts;
import dev.partywall.metering.counting.OpenHours;
import dev.partywall.metering.ledger.Ledger;
import dev.partywall.metering.ledger.UncountedHours;
import dev.partywall.operations.lifecycle.CheckedClock;
import dev.partywall.operations.lifecycle.OperationAudit;
import dev.partywall.operations.lifecycle.PacedCalls;
import dev.partywall.operations.lifecycle.TenantOperations;
import dev.partywall.operations.offboarding.OffboardingSteps;
import dev.partywall.operations.offboarding.OffboardingSteps.Coordination;
import dev.partywall.operations.receipt.ReceiptKey;
import dev.partywall.operations.receipt.ReceiptKeys;
import dev.partywall.operations.receipt.ReceiptSigner;
import dev.partywall.operations.tenants.OffboardingRoutes;
import dev.partywall.operations.tenants.OffboardingRules;
import dev.partywall.registry.DynamoReceiptKeys;
import dev.partywall.storage.CountedWrites;
import dev.partywall.storage.silo.SiloDeletion;
import dev.partywall.tenancy.Execution;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** The deletion of tenants, and its receipts. */
final class Deletion {
  private static final Logger LOG = LoggerFactory.getLogger(Deletion.class);

  private final Settings settings;
  private final Tenancy tenancy;
  private final Ledger ledger;
  private final Supplier<Execution> executions;
  private final CheckedClock clock;
  private final ReceiptKeys keys;
  private final Optional<ReceiptSigner> signer;

  /**
   * Creates the components, and makes no call.
   *
   * @param own a client with the service's own credentials
   */
  Deletion(
      Settings settings,
      Tenancy tenancy,
      DynamoDbClient own,
      Ledger ledger,
      Supplier<Execution> executions,
      CheckedClock clock) {
    this.settings = settings;
    this.tenancy = tenancy;
    this.ledger = ledger;
    this.executions = executions;
    this.clock = clock;
    settings.offboarding().warning().ifPresent(LOG::warn);
    var key = settings.offboarding().receiptKey();
    var store = new DynamoReceiptKeys(own, settings.storage().tablePrefix());
    this.keys = new ReceiptKeys(store, key.map(ReceiptKey::publicKey), System::nanoTime);
    this.signer =
        key.map(known -> new ReceiptSigner(settings.service(), known, keys, clock.source()));
  }

  /** Returns the route of the management port that publishes the keys of receipts. */
  Route keys() {
    return keys.route();
  }

  /**
   * Returns the steps.
   *
   * @param client a client with the bound tenant's credentials
   * @param provisioner a client of the provisioner role, if one is configured
   */
  OffboardingSteps steps(
      DynamoDbClient client,
      Optional<DynamoDbClient> provisioner,
      PacedCalls calls,
      OperationAudit audit) {
    return new OffboardingSteps(
        new OffboardingSteps.Storage(
            client, tenancy.locations(), provisioner.map(SiloDeletion::new), calls),
        new Coordination(tenancy.barrier()::waitingFor, System::nanoTime),
        () -> openHours(client),
        signer.map(known -> known::issue),
        audit,
        clock);
  }

  private OpenHours openHours(DynamoDbClient client) {
    var writes = new CountedWrites(client, tenancy.locations());
    return new OpenHours(
        new UncountedHours(ledger), new HourlyCounts(writes, ledger, tenancy::tenant, executions));
  }

  /** Returns the clock of this instance, compared with that of the registry. */
  CheckedClock clock() {
    return clock;
  }

  /** Returns the operators' routes. */
  List<Route> routes(TenantOperations operations) {
    var offboarding = settings.offboarding();
    var rules = new OffboardingRules(offboarding.retention(), offboarding.receiptKey().isPresent());
    return OffboardingRoutes.of(
        tenancy.registry(), operations, rules, () -> UUID.randomUUID().toString(), clock);
  }
}
