package dev.partywall.operations;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Something that the service leans on. It is looked at from time to time, in the background: a
 * probe of ours costs it nothing, however often somebody asks how we are.
 */
public final class Dependency {
  private static final Logger LOG = LoggerFactory.getLogger(Dependency.class);

  /** Looks at the thing. */
  @FunctionalInterface
  public interface Probe {
    /** How it is now. */
    Finding look();
  }

  /**
   * What a look has found.
   *
   * @param usable whether requests can be served with it
   * @param problem what is wrong, in words for an operator; empty when all is well
   */
  public record Finding(boolean usable, Optional<String> problem) {
    /** All is well. */
    public static final Finding WELL = new Finding(true, Optional.empty());

    /** It can't be used. */
    public static Finding away(String problem) {
      return new Finding(false, Optional.of(problem));
    }

    /** It can be used, though something is wrong with it. */
    public static Finding impaired(String problem) {
      return new Finding(true, Optional.of(problem));
    }
  }

  /**
   * How it is.
   *
   * @param since when it came to be so
   * @param problem what is wrong, when something is
   * @param everUsable whether it could be used at any time since the start
   */
  record State(Instant since, Optional<String> problem, boolean everUsable) {
    boolean well() {
      return problem.isEmpty();
    }

    State then(Finding found, Instant now) {
      var changed = found.problem().isEmpty() != well();
      return new State(changed ? now : since, found.problem(), everUsable || found.usable());
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

  /** Whatever a probe throws is a finding, too: one bad look must not be the last one. */
  void look() {
    Finding found;
    try {
      found = probe.look();
    } catch (RuntimeException e) {
      LOG.warn("the look at {} failed", name, e);
      found = Finding.away("the look at it failed");
    }
    state = state.then(found, now());
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.SECONDS);
  }
}
