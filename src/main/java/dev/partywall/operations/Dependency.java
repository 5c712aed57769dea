package dev.partywall.operations;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A dependency of the service. It is probed periodically in the background, so health requests put
 * no load on it, regardless of their rate.
 */
public final class Dependency {
  private static final Logger LOG = LoggerFactory.getLogger(Dependency.class);

  /** A check of the dependency. */
  @FunctionalInterface
  public interface Probe {
    /** Returns the current result. */
    Finding look();
  }

  /**
   * The result of a probe.
   *
   * @param usable whether the service can serve requests with the dependency
   * @param problem a description for the operator; empty if the dependency is healthy
   */
  public record Finding(boolean usable, Optional<String> problem) {
    /** The dependency is healthy. */
    public static final Finding WELL = new Finding(true, Optional.empty());

    /** Returns the result for a dependency that is unusable. */
    public static Finding away(String problem) {
      return new Finding(false, Optional.of(problem));
    }

    /** Returns the result for a dependency that is usable despite a problem. */
    public static Finding impaired(String problem) {
      return new Finding(true, Optional.of(problem));
    }
  }

  /**
   * The state of the dependency.
   *
   * @param since the time of the last change
   * @param problem a description of the problem, if any
   * @param everUsable whether the dependency was usable at any time since the start
   */
  record State(Instant since, Optional<String> problem, boolean everUsable) {
    boolean well() {
      return problem.isEmpty();
    }

    State then(Finding result, Instant now) {
      var changed = result.problem().isEmpty() != well();
      return new State(changed ? now : since, result.problem(), everUsable || result.usable());
    }
  }

  private final String name;
  private final Probe probe;
  private final InstantSource clock;
  private volatile State state;

  /** Creates a dependency, which is unusable until its first probe. */
  public Dependency(String name, Probe probe, InstantSource clock) {
    this.name = name;
    this.probe = probe;
    this.clock = clock;
    this.state = new State(now(), Optional.of("not probed yet"), false);
  }

  String name() {
    return name;
  }

  State state() {
    return state;
  }

  /** Probes the dependency. An exception is a result as well, so it does not end the probing. */
  void look() {
    Finding result;
    try {
      result = probe.look();
    } catch (RuntimeException e) {
      LOG.warn("Probe of dependency {} failed", name, e);
      result = Finding.away("the probe failed");
    }
    state = state.then(result, now());
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.SECONDS);
  }
}
