package dev.partywall.operations;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * Something that the service leans on. It is looked at from time to time, in the background: a
 * probe of ours costs it nothing, however often somebody asks how we are.
 */
public final class Dependency {
  /** Looks at the thing. */
  @FunctionalInterface
  public interface Probe {
    /** What is wrong, in words for an operator; empty when all is well. */
    Optional<String> problem();
  }

  /**
   * How it is.
   *
   * @param since when it came to be so
   * @param problem what is wrong, when something is
   * @param everWell whether it has been well since the start
   */
  record State(Instant since, Optional<String> problem, boolean everWell) {
    boolean well() {
      return problem.isEmpty();
    }

    State then(Optional<String> found, Instant now) {
      var changed = found.isEmpty() != well();
      return new State(changed ? now : since, found, everWell || found.isEmpty());
    }
  }

  private final String name;
  private final Probe probe;
  private final InstantSource clock;
  private volatile State state;

  /** A thing of that name, of which nothing is known before it has been looked at. */
  public Dependency(String name, Probe probe, InstantSource clock) {
    this.name = name;
    this.probe = probe;
    this.clock = clock;
    this.state = new State(now(), Optional.of("not looked at yet"), false);
  }

  String name() {
    return name;
  }

  State state() {
    return state;
  }

  void look() {
    state = state.then(probe.problem(), now());
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.SECONDS);
  }
}
