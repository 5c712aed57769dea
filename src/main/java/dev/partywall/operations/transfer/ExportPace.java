package dev.partywall.operations.transfer;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.operations.lifecycle.OperationPace;
import dev.partywall.storage.content.ReadPace;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * The pace of one export: a share of the capacity that all operations of this instance have, and a
 * check of the tenant before each page. After a failure, the pace slows down; after 45 s without a
 * page, the export ends. Its client has then had no progress for nearly a minute.
 */
final class ExportPace implements ReadPace {
  private static final long MAX_FAILING_NANOS = Duration.ofSeconds(45).toNanos();

  private final OperationPace pace;
  private final ExportOperation operation;
  private final AtomicLong done;
  private final LongSupplier nanoTime;
  private long failingSince;
  private boolean failing;

  ExportPace(
      OperationPace pace, ExportOperation operation, AtomicLong done, LongSupplier nanoTime) {
    this.pace = pace;
    this.operation = operation;
    this.done = done;
    this.nanoTime = nanoTime;
  }

  @Override
  public void await() {
    operation.requireCurrent(done.get());
    pace.await();
  }

  @Override
  public void succeeded() {
    failing = false;
  }

  @Override
  public void failed(ApiException failure) {
    var now = nanoTime.getAsLong();
    if (!failing) {
      failing = true;
      failingSince = now;
    }
    if (!(failure.error() instanceof ApiError.Unavailable)
        || now - failingSince >= MAX_FAILING_NANOS) {
      throw failure;
    }
    pace.throttled();
  }
}
