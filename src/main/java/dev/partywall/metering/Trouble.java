package dev.partywall.metering;

import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What goes wrong with one thing that is tried again and again. The log has when it began and when
 * it was over, and not each try between.
 */
final class Trouble {
  private static final Logger LOG = LoggerFactory.getLogger(Trouble.class);

  private final String what;
  private volatile @Nullable String problem;

  /** Trouble of which the log says {@code what}. */
  Trouble(String what) {
    this.what = what;
  }

  void met(Exception e) {
    if (problem == null) {
      LOG.error("{}; it is tried again", what, e);
    }
    problem = what + ": " + reason(e);
  }

  void over() {
    if (problem != null) {
      LOG.info("over: {}", problem);
    }
    problem = null;
  }

  /** Tries it: work that throws has gone wrong, and so has work that tells of a failure. */
  void in(Supplier<Optional<RuntimeException>> work) {
    try {
      work.get().ifPresentOrElse(this::met, this::over);
    } catch (RuntimeException e) {
      met(e);
    }
  }

  Optional<String> problem() {
    return Optional.ofNullable(problem);
  }

  private static String reason(Exception e) {
    return String.valueOf(e.getCause() == null ? e : e.getCause());
  }
}
