package dev.partywall.operations.offboarding;

import dev.partywall.metering.counting.OpenHours;
import dev.partywall.operations.lifecycle.CheckedClock;
import dev.partywall.operations.lifecycle.OperationAudit;
import dev.partywall.operations.lifecycle.OperationSteps;
import dev.partywall.operations.lifecycle.OwnedOperation;
import dev.partywall.operations.lifecycle.OwnedProgress;
import dev.partywall.operations.lifecycle.PacedCalls;
import dev.partywall.operations.lifecycle.StepAudit;
import dev.partywall.operations.receipt.DeletionResult;
import dev.partywall.operations.receipt.DeletionResult.DeletedTable;
import dev.partywall.operations.receipt.KeptData;
import dev.partywall.storage.content.ContentDeletion;
import dev.partywall.storage.content.DeletedItems;
import dev.partywall.storage.content.ProgressItem;
import dev.partywall.storage.silo.SiloDeletion;
import dev.partywall.tenancy.OperationKind;
import dev.partywall.tenancy.TenantLocations;
import dev.partywall.tenancy.TenantRecord;
import dev.partywall.tenancy.TenantStatus;
import dev.partywall.tenancy.registry.Operation;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * Deletes a tenant: retention, barrier, counts, deletion, verification, receipt, and the table of a
 * silo. Each step can be repeated after an end of the process at any point. A cancellation ends the
 * operation together with the change of the status, without a step.
 */
public final class OffboardingSteps implements OperationSteps {
  /** The signatures and the deletions of tables can be of two instances. */
  private static final Duration MAX_TABLE_DELETION =
      KeptData.TABLE_DELETION.minus(Duration.ofHours(1));

  private static final String ACTION = "DELETE /tenants/{id}";
  private static final String STARTED_AT = "deletionStartedAt";
  private static final String SIGNED_RECEIPT = "receipt";
  private static final String SIGNED_AT = "receiptSignedAt";

  private final Coordination coordination;
  private final SiloTable table;
  private final ItemDeletion deletion;
  private final EmptinessCheck check;
  private final Supplier<OpenHours> openHours;
  private final Optional<ReceiptIssuer> receipts;
  private final OffboardingObstacles obstacles;
  private final StepAudit audit;
  private final CheckedClock clock;

  /**
   * The tables and the access to them.
   *
   * @param tenants a client with the bound tenant's credentials, whose capacity counts for
   *     operations
   * @param silos deletes the tables of silos; empty without a provisioner role
   * @param calls limits the capacity
   */
  public record Storage(
      DynamoDbClient tenants,
      TenantLocations locations,
      Optional<SiloDeletion> silos,
      PacedCalls calls) {}

  /**
   * The other instances.
   *
   * @param barrier returns the instances that have not acknowledged a change of the registry yet,
   *     by its number
   * @param nanoTime a monotonic clock in nanoseconds
   */
  public record Coordination(LongFunction<List<String>> barrier, LongSupplier nanoTime) {}

  /**
   * Creates the steps.
   *
   * @param openHours counts under the bound tenant's credentials
   * @param receipts signs the receipts; empty without a key
   * @param audit receives an entry for each state, and for the end
   */
  public OffboardingSteps(
      Storage storage,
      Coordination coordination,
      Supplier<OpenHours> openHours,
      Optional<ReceiptIssuer> receipts,
      OperationAudit audit,
      CheckedClock clock) {
    this.clock = clock;
    this.obstacles =
        new OffboardingObstacles(clock, storage.silos().isPresent(), receipts.isPresent());
    var content = new ContentDeletion(storage.tenants(), storage.locations());
    var progress =
        new OwnedProgress(new ProgressItem(storage.tenants(), storage.locations()), clock);
    this.coordination = coordination;
    this.table = new SiloTable(storage.locations(), storage.silos());
    this.deletion = new ItemDeletion(content, progress, storage.calls(), coordination.nanoTime());
    this.check = new EmptinessCheck(content, progress, clock.source());
    this.openHours = openHours;
    this.receipts = receipts;
    this.audit = new StepAudit(audit, ACTION);
  }

  @Override
  public OperationKind kind() {
    return OperationKind.OFFBOARDING;
  }

  /**
   * A retention is due by the corrected time, so an instance with a wrong clock states an obstacle
   * neither too early nor too late.
   */
  @Override
  public boolean isDue(Operation operation) {
    return !operation.state().equals(Offboarding.RETENTION)
        || !clock.correctedTime().isBefore(Offboarding.deleteAfter(operation));
  }

  @Override
  public Optional<String> obstacle(Operation operation, TenantRecord tenant) {
    return obstacles.of(operation, tenant);
  }

  @Override
  public Step step(OwnedOperation owned) {
    audit.begin(owned);
    return switch (owned.operation().state()) {
      case Offboarding.RETENTION -> retention(owned);
      case Offboarding.BARRIER -> barrier(owned);
      case Offboarding.COUNTING -> counting(owned);
      case Offboarding.DELETING -> deletion.step(owned);
      case Offboarding.VERIFYING -> check.step(owned);
      case Offboarding.RECEIPT -> receipt(owned);
      case Offboarding.DELETING_TABLE -> deletingTable(owned);
      default ->
          throw new IllegalStateException("the operation has a state unknown to this release");
    };
  }

  private Step retention(OwnedOperation owned) {
    if (!isDue(owned.operation())) {
      return Step.WAIT;
    }
    owned.save(owned.operation().inState(Offboarding.BARRIER));
    return Step.CONTINUE;
  }

  /** The tenant is rejected since the change of the registry that began the operation. */
  private Step barrier(OwnedOperation owned) {
    var operation = owned.operation();
    var waitingFor = coordination.barrier().apply(operation.origin().sequence());
    if (!waitingFor.isEmpty()) {
      report(owned, operation.waitingFor(waitingFor));
      return Step.WAIT;
    }
    owned.save(operation.inState(Offboarding.COUNTING));
    return Step.CONTINUE;
  }

  private Step counting(OwnedOperation owned) {
    if (table.isMissing()) {
      if (Offboarding.formerStatus(owned.operation()) != TenantStatus.FAILED) {
        var reason = "The table " + table.name() + " does not exist.";
        report(owned, owned.operation().withReason(Optional.of(reason)));
        return Step.WAIT;
      }
      // The provisioning has failed before the table existed. Nothing was ever stored.
      owned.save(started(owned).inState(Offboarding.RECEIPT));
      return Step.CONTINUE;
    }
    if (!openHours.get().close(owned::checkpoint)) {
      return Step.CONTINUE;
    }
    owned.save(started(owned).inState(Offboarding.DELETING));
    return Step.CONTINUE;
  }

  private Operation started(OwnedOperation owned) {
    return owned.operation().with(STARTED_AT, clock.source().instant().toString());
  }

  /** The receipt contains times of this instance. */
  private Step receipt(OwnedOperation owned) {
    var signedAt = clock.source().instant();
    var jws = receipts.orElseThrow().issue(owned.operation(), result(owned.operation()));
    if (!table.isOwn()) {
      return end(owned, jws);
    }
    owned.save(
        owned
            .operation()
            .with(SIGNED_RECEIPT, jws)
            .with(SIGNED_AT, signedAt.toString())
            .inState(Offboarding.DELETING_TABLE));
    return Step.CONTINUE;
  }

  private DeletionResult result(Operation operation) {
    var deleted = DeletedItems.of(operation.parameters());
    var start = Instant.parse(operation.parameter(STARTED_AT).orElseThrow());
    var times = EmptinessCheck.times(operation);
    return new DeletionResult(
        start,
        List.of(new DeletedTable(table.name(), deleted.collections(), deleted.expiring())),
        deleted.keysSha256(),
        times.isEmpty() ? List.of(start) : times); // a missing table was empty at the start
  }

  /**
   * The tenant can be registered again only after its former table is gone. The receipt states the
   * end of the backups, so it must not be older than the deletion of the table by more than a day.
   */
  private Step deletingTable(OwnedOperation owned) {
    owned.requireCurrent();
    var isDeleted = table.delete();
    if (isReceiptOld(owned.operation())) {
      owned.save(owned.operation().inState(Offboarding.RECEIPT));
      return Step.CONTINUE;
    }
    if (!isDeleted) {
      owned.renew();
      return Step.WAIT;
    }
    return end(owned, owned.operation().parameter(SIGNED_RECEIPT).orElseThrow());
  }

  private boolean isReceiptOld(Operation operation) {
    return operation
        .parameter(SIGNED_AT)
        .map(signed -> Instant.parse(signed).plus(MAX_TABLE_DELETION))
        .filter(clock.source().instant()::isBefore)
        .isEmpty();
  }

  private Step end(OwnedOperation owned, String jws) {
    audit.end(owned, "done", "status", TenantStatus.OFFBOARDED.label());
    var after =
        owned
            .tenant()
            .withStatus(TenantStatus.OFFBOARDED, clock.source().instant())
            .withOperation(Optional.empty());
    var documents = Offboarding.documents(after, jws);
    return owned.end(after, documents) ? Step.ENDED : Step.CONTINUE;
  }

  private static void report(OwnedOperation owned, Operation changed) {
    if (changed.progress().equals(owned.operation().progress())) {
      owned.renew();
    } else {
      owned.save(changed);
    }
  }
}
