package dev.partywall.concurrent;

import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Tracks a failure of an operation that is repeated. The log contains its start and its end, and
 * not each attempt between.
 */
public final class RecurringFailure {
  private final Logger log;
  private final String operation;
  private volatile @Nullable String problem;

  /**
   * Starts to track an operation that has not failed yet.
   *
   * @param log the owner's logger
   * @param operation the subject of the log lines, such as {@code Shipping usage to the ledger}
   */
  public RecurringFailure(Logger log, String operation) {
    this.log = log;
    this.operation = operation;
  }

  /** Records a failed attempt. */
  public void report(Throwable failure) {
    if (problem == null) {
      log.error("{} failed; it will be retried", operation, failure);
    }
    problem = operation + " failed: " + reason(failure);
  }

  /** Records a successful attempt. */
  public void clear() {
    if (problem != null) {
      problem = null;
      log.info("{} recovered", operation);
    }
  }

  /**
   * Makes an attempt. It fails if {@code work} throws, and if it returns a failure.
   *
   * @param work returns the first failure of its parts, if one failed
   */
  public void attempt(Supplier<Optional<RuntimeException>> work) {
    try {
      work.get().ifPresentOrElse(this::report, this::clear);
    } catch (RuntimeException e) {
      report(e);
    }
  }

  /** Returns the current failure, for an operator. */
  public Optional<String> problem() {
    return Optional.ofNullable(problem);
  }

  private static String reason(Throwable failure) {
    return String.valueOf(failure.getCause() == null ? failure : failure.getCause());
  }
}
