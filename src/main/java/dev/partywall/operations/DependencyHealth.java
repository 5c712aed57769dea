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
public final class DependencyHealth {
  private static final Logger LOG = LoggerFactory.getLogger(DependencyHealth.class);

  /** A check of the dependency. */
  @FunctionalInterface
  public interface Probe {
    /** Returns the current result. */
    ProbeResult probe();
  }

  /**
   * The result of a probe.
   *
   * @param usable whether the service can serve requests with the dependency
   * @param problem a description for the operator; empty if the dependency is healthy
   */
  public record ProbeResult(boolean usable, Optional<String> problem) {
    /** The dependency is healthy. */
    public static final ProbeResult HEALTHY = new ProbeResult(true, Optional.empty());

    /** Returns the result for a dependency that is unusable. */
    public static ProbeResult unusable(String problem) {
      return new ProbeResult(false, Optional.of(problem));
    }

    /** Returns the result for a dependency that is usable despite a problem. */
    public static ProbeResult degraded(String problem) {
      return new ProbeResult(true, Optional.of(problem));
    }
  }

  /**
   * The state of the dependency.
   *
   * @param since the time of the last change
   * @param problem a description of the problem, if any
   * @param everUsable whether the dependency was usable at any time since the start
   */
  record DependencyState(Instant since, Optional<String> problem, boolean everUsable) {
    boolean isHealthy() {
      return problem.isEmpty();
    }

    DependencyState next(ProbeResult result, Instant now) {
      var changed = result.problem().isEmpty() != isHealthy();
      return new DependencyState(
          changed ? now : since, result.problem(), everUsable || result.usable());
    }
  }

  private final String name;
  private final Probe probe;
  private final InstantSource clock;
  private volatile DependencyState state;

  /** Creates a dependency, which is unusable until its first probe. */
  public DependencyHealth(String name, Probe probe, InstantSource clock) {
    this.name = name;
    this.probe = probe;
    this.clock = clock;
    this.state = new DependencyState(now(), Optional.of("not probed yet"), false);
  }

  String name() {
    return name;
  }

  DependencyState state() {
    return state;
  }

  /** Probes the dependency. An exception is a result as well, so it does not end the probing. */
  void check() {
    ProbeResult result;
    try {
      result = probe.probe();
    } catch (RuntimeException e) {
      LOG.warn("Probe of dependency {} failed", name, e);
      result = ProbeResult.unusable("the probe failed");
    }
    state = state.next(result, now());
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.SECONDS);
  }
}
