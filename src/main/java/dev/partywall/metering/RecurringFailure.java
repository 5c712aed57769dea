package dev.partywall.metering;

import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A recurring failure of a repeated task. The log has its start and its end only, not each attempt.
 */
final class RecurringFailure {
  private static final Logger LOG = LoggerFactory.getLogger(RecurringFailure.class);

  private final String description;
  private volatile @Nullable String problem;

  /** Creates a failure with the description for log and status. */
  RecurringFailure(String description) {
    this.description = description;
  }

  void report(Exception e) {
    if (problem == null) {
      LOG.error("{}, retrying", description, e);
    }
    problem = description + ": " + reason(e);
  }

  void clear() {
    if (problem != null) {
      LOG.info("Recovered: {}", problem);
    }
    problem = null;
  }

  /** Runs the work. Reports an exception or a returned failure; otherwise clears the failure. */
  void run(Supplier<Optional<RuntimeException>> work) {
    try {
      work.get().ifPresentOrElse(this::report, this::clear);
    } catch (RuntimeException e) {
      report(e);
    }
  }

  Optional<String> problem() {
    return Optional.ofNullable(problem);
  }

  private static String reason(Exception e) {
    return String.valueOf(e.getCause() == null ? e : e.getCause());
  }
}
