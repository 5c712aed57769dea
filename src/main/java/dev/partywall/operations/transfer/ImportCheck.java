package dev.partywall.operations.transfer;

import dev.partywall.error.ApiException;
import dev.partywall.operations.lifecycle.OwnedOperation;
import dev.partywall.operations.lifecycle.PacedCalls;
import dev.partywall.storage.content.ContentReader;
import dev.partywall.storage.content.ItemSearch;
import dev.partywall.storage.content.ReadPace;
import dev.partywall.storage.content.StoredItem;
import dev.partywall.tenancy.TenantContext;
import dev.partywall.tenancy.registry.Operation;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Checks the file of an import, and compares it with the content of the bound tenant. */
final class ImportCheck {
  private final ImportContext context;
  private final PacedCalls.Owned calls;
  private final Operation operation;
  private final ContentReader content;
  private boolean same = true;

  /** The operation in its next state, or the failure. */
  record Checked(Operation operation, Optional<Operation> failure) {}

  /**
   * Creates a check.
   *
   * @param revision the revision of the content with which the file is compared
   */
  ImportCheck(ImportContext context, OwnedOperation owned, int revision) {
    this.context = context;
    this.calls = context.calls().ownedBy(owned);
    this.operation = owned.operation();
    var location = context.locations().of(TenantContext.current()).withContentRevision(revision);
    this.content = new ContentReader(context.client(), location, new CheckPace());
  }

  /** Returns the result. Changes nothing. */
  Checked check() {
    try {
      var file = context.file(operation, calls);
      return checkHeader(file).map(this::failed).orElseGet(() -> checkItems(file));
    } catch (InvalidImportException fault) {
      return failed(ImportState.invalid(operation, fault));
    }
  }

  private Checked failed(Operation failure) {
    return new Checked(operation, Optional.of(failure));
  }

  private Optional<Operation> checkHeader(ImportFile file) {
    var header = file.header();
    if (!header.service().equals(context.service())) {
      throw new InvalidImportException(1, "names another service");
    }
    var isOther = !header.tenant().equals(operation.tenant().value());
    return isOther && !ImportState.is(operation, ImportState.CLONE)
        ? Optional.of(
            ImportState.failed(
                operation,
                "other-tenant",
                "The file is of another tenant. Open the import with clone=true."))
        : Optional.empty();
  }

  private void compareAll(ImportFile file) {
    for (var item = file.next(); item != null; item = file.next()) {
      compare(item);
    }
    compare(null);
  }

  /** Returns whether the content has the items of the file, and no others. Changes nothing. */
  boolean isContentOfFile() {
    compareAll(context.file(operation, calls));
    return same;
  }

  private Checked checkItems(ImportFile file) {
    compareAll(file);
    var checked = operation.with(ImportState.COUNTS, ImportState.counts(file.counts())).withDone(0);
    if (!hasItems()) {
      return next(checked.inState(ImportState.WRITING));
    }
    if (same) {
      return next(checked.inState(ImportState.CLEARING).with(ImportState.UNCHANGED, "true"));
    }
    if (ImportState.is(operation, ImportState.REPLACE)) {
      return next(checked.inState(ImportState.WRITING));
    }
    return failed(
        ImportState.is(operation, ImportState.WAS_EMPTY)
            ? ImportState.failed(
                operation,
                "tenant-not-empty",
                "The tenant has items that were written after the import began.")
            : ImportState.failed(
                operation, "import-differs", "The tenant has content that differs from the file."));
  }

  private static Checked next(Operation operation) {
    return new Checked(operation, Optional.empty());
  }

  private void compare(@Nullable StoredItem item) {
    if (same) {
      var stored = content.next();
      same = Objects.equals(stored, item);
    }
  }

  private boolean hasItems() {
    var search = context.itemSearch();
    var result = calls.call(search::next);
    while (result == ItemSearch.Result.UNKNOWN) {
      result = calls.call(search::next);
    }
    return result == ItemSearch.Result.FOUND;
  }

  /** Repeats a page as often as any other call. Then the runner repeats the check. */
  private final class CheckPace implements ReadPace {
    private int failures;

    @Override
    public void await() {
      calls.await();
    }

    @Override
    public void succeeded() {
      failures = 0;
    }

    @Override
    public void failed(ApiException failure) {
      failures++;
      calls.failed(failure, failures);
    }
  }
}
