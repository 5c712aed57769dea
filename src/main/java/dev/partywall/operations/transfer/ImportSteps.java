package dev.partywall.operations.transfer;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.operations.lifecycle.CancellableSteps;
import dev.partywall.operations.lifecycle.OwnedOperation;
import dev.partywall.operations.lifecycle.OwnershipLostException;
import dev.partywall.operations.lifecycle.StepAudit;
import dev.partywall.storage.content.ContentPages;
import dev.partywall.storage.content.OperationProgress;
import dev.partywall.tenancy.OperationKind;
import dev.partywall.tenancy.TenantRecord;
import dev.partywall.tenancy.registry.DocumentNames;
import dev.partywall.tenancy.registry.Operation;
import dev.partywall.tenancy.registry.Operation.Ownership;
import dev.partywall.tenancy.registry.OperationStore.Document;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The steps of an import. The file is checked completely before anything is changed. While items
 * are written, the tenant is not served, so nothing is half visible.
 *
 * <p>A replacement writes the next revision of the content, which no request reads, and verifies
 * it. One transaction of the registry then makes it the tenant's content. The former revision
 * remains until then.
 */
public final class ImportSteps implements CancellableSteps {
  /** An import without a part for this time is cancelled. */
  private static final Duration MAX_IDLE = Duration.ofHours(24);

  private static final String ACTION = "POST /tenants/{id}/import";

  private final ImportContext context;

  /** Creates the steps. */
  public ImportSteps(ImportContext context) {
    this.context = context;
  }

  @Override
  public OperationKind kind() {
    return OperationKind.IMPORT;
  }

  @Override
  public boolean isDue(Operation operation) {
    return !operation.state().equals(ImportState.RECEIVING)
        || !context.now().isBefore(ImportState.activeAt(operation).plus(MAX_IDLE));
  }

  @Override
  public Operation cancelled(Operation operation, TenantRecord tenant) {
    if (ImportState.isCancelled(operation)) {
      return operation;
    }
    if (!isCancellable(operation)) {
      throw new ApiException(
          new ApiError.Conflict(
              "operation-not-cancellable",
              "The import is being completed and cannot be cancelled any more."));
    }
    // The next epoch rejects changes by requests that have read the operation before.
    return operation
        .inState(ImportState.CANCELLING)
        .ownedBy(new Ownership(operation.ownership().epoch() + 1, ""));
  }

  private static boolean isCancellable(Operation operation) {
    return switch (operation.state()) {
      case ImportState.RECEIVING,
          ImportState.BARRIER,
          ImportState.CHECKING,
          ImportState.WRITING,
          ImportState.VERIFYING,
          ImportState.REVERTING ->
          true;
      default -> false;
    };
  }

  @Override
  public Step step(OwnedOperation owned) {
    return switch (owned.operation().state()) {
      case ImportState.RECEIVING -> expire(owned);
      case ImportState.BARRIER -> awaitBarrier(owned);
      case ImportState.CHECKING -> check(owned);
      case ImportState.WRITING -> write(owned);
      case ImportState.VERIFYING -> verify(owned);
      case ImportState.SWITCHING -> switchRevision(owned);
      case ImportState.DELETING -> deleteFormer(owned);
      case ImportState.REVERTING -> revert(owned);
      case ImportState.CLEARING -> complete(owned);
      case ImportState.CANCELLING -> cancel(owned);
      case ImportState.DISCARDING ->
          clear(owned, "cancelled", List.of(ImportResult.cancelled(owned.operation())));
      default -> throw new IllegalStateException("unknown state of an import");
    };
  }

  private Step expire(OwnedOperation owned) {
    if (!isDue(owned.operation())) {
      owned.release(); // a part has arrived meanwhile
      return Step.ENDED;
    }
    owned.save(owned.operation().inState(ImportState.CANCELLING));
    return Step.CONTINUE;
  }

  private Step awaitBarrier(OwnedOperation owned) {
    var operation = owned.operation();
    var waiting = context.barrier().waitingFor(operation.origin().sequence());
    if (waiting.isEmpty()) {
      owned.save(operation.inState(ImportState.CHECKING));
      return Step.CONTINUE;
    }
    if (!waiting.equals(operation.progress().waitingFor())) {
      owned.save(operation.waitingFor(waiting));
    }
    return Step.WAIT;
  }

  /**
   * Returns the progress after the fence: from here on, no part and no earlier owner has an effect.
   */
  private OperationProgress fenced(OwnedOperation owned) {
    return context.ownedProgress().of(owned);
  }

  private Step check(OwnedOperation owned) {
    var _ = fenced(owned);
    var checked = new ImportCheck(context, owned, current(owned)).check();
    if (checked.failure().isPresent()) {
      return reopen(owned, checked.failure().get());
    }
    record(owned, "checked", checked.operation().state());
    owned.save(checked.operation());
    return Step.CONTINUE;
  }

  /** Permits parts again. Without the fence, a later owner would repeat the check. */
  private Step reopen(OwnedOperation owned, Operation failed) {
    record(owned, "rejected", ImportState.failureType(failed));
    if (!context.ownedProgress().remove(owned)) {
      return Step.CONTINUE; // the next step confirms the lease
    }
    owned.save(failed);
    owned.release();
    return Step.ENDED;
  }

  /** Returns the revision of the tenant's content. */
  private static int current(OwnedOperation owned) {
    return owned.tenant().contentRevision();
  }

  private static boolean replaces(OwnedOperation owned) {
    return ImportState.is(owned.operation(), ImportState.REPLACE);
  }

  /** Returns the pages of the revision that the import writes before the switch. */
  private ContentPages pages(OwnedOperation owned) {
    return context.pages(replaces(owned) ? current(owned) + 1 : current(owned));
  }

  private ImportPages importPages(OwnedOperation owned) {
    return new ImportPages(context, owned, fenced(owned), pages(owned));
  }

  private Step verify(OwnedOperation owned) {
    if (!new ImportCheck(context, owned, current(owned) + 1).isContentOfFile()) {
      throw new IllegalStateException("the written items differ from the file");
    }
    owned.save(owned.operation().inState(ImportState.SWITCHING));
    return Step.CONTINUE;
  }

  /** The table has the revision first: a backup of any moment has a complete content with it. */
  private Step switchRevision(OwnedOperation owned) {
    var next = current(owned) + 1;
    record(owned, "switched", owned.operation().state());
    var _ = page(owned, pages(owned)::storeRevision, fenced(owned));
    var _ =
        owned.save(
            owned.operation().inState(ImportState.DELETING),
            owned.tenant().withContentRevision(next));
    return Step.CONTINUE;
  }

  private Step deleteFormer(OwnedOperation owned) {
    deleteAll(owned, context.pages(current(owned) - 1)::deleteContent);
    owned.save(owned.operation().inState(ImportState.CLEARING));
    return Step.CONTINUE;
  }

  /**
   * Deletes pages until none is left.
   *
   * @param page deletes a page; returns the same progress if no item is left
   */
  private void deleteAll(
      OwnedOperation owned, Function<OperationProgress, Optional<OperationProgress>> page) {
    var before = fenced(owned);
    for (var after = page(owned, page, before);
        !after.equals(before);
        after = page(owned, page, before)) {
      before = after;
    }
  }

  private OperationProgress page(
      OwnedOperation owned,
      Function<OperationProgress, Optional<OperationProgress>> page,
      OperationProgress before) {
    return context
        .calls()
        .ownedBy(owned)
        .call(() -> page.apply(before))
        .orElseThrow(OwnershipLostException::new);
  }

  private Step write(OwnedOperation owned) {
    var isWritten = importPages(owned).writeAll();
    if (replaces(owned) && !isWritten) {
      throw new IllegalStateException(
          "the next revision has an item that the import did not write");
    }
    var next = replaces(owned) ? ImportState.VERIFYING : ImportState.CLEARING;
    owned.save(owned.operation().inState(isWritten ? next : ImportState.REVERTING));
    return Step.CONTINUE;
  }

  private Step revert(OwnedOperation owned) {
    importPages(owned).deleteWritten();
    var failed =
        ImportState.failed(
            owned.operation(),
            "tenant-not-empty",
            "The tenant has items that were written after the import began.");
    return reopen(owned, failed);
  }

  /** The state changes before the first part is deleted: a repetition needs all of them. */
  private Step cancel(OwnedOperation owned) {
    var progress = fenced(owned);
    if (replaces(owned)) {
      deleteAll(owned, pages(owned)::deleteContent);
    } else if (progress.value(ImportPages.AFTER).isPresent()) {
      new ImportPages(context, owned, progress, pages(owned)).deleteWritten();
    }
    owned.save(owned.operation().inState(ImportState.DISCARDING));
    return Step.CONTINUE;
  }

  private Step clear(OwnedOperation owned, String outcome, List<Document> documents) {
    deleteAll(owned, context.pages(current(owned))::deleteParts);
    record(owned, outcome, owned.operation().state());
    if (!context.ownedProgress().remove(owned)) {
      return Step.CONTINUE;
    }
    return owned.end(owned.tenant().withOperation(Optional.empty()), documents)
        ? Step.ENDED
        : Step.CONTINUE;
  }

  private Step complete(OwnedOperation owned) {
    var outcome =
        ImportState.is(owned.operation(), ImportState.UNCHANGED) ? "unchanged" : "imported";
    return clear(owned, outcome, documents(owned.operation()));
  }

  private void record(OwnedOperation owned, String outcome, String state) {
    var details = new LinkedHashMap<String, Object>();
    details.put("state", state);
    details.put("done", owned.operation().progress().done());
    new StepAudit(context.audit(), ACTION).write(owned, outcome, details);
  }

  private List<Document> documents(Operation operation) {
    var documents = new ArrayList<Document>();
    documents.add(ImportResult.document(operation));
    if (!ImportState.is(operation, ImportState.UNCHANGED)) {
      documents.add(
          new Document(
              DocumentNames.imported(operation.incarnation()),
              Map.of("at", context.now().toString())));
    }
    return documents;
  }
}
