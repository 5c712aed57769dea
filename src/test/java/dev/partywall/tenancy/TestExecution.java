package dev.partywall.tenancy;

import java.util.Optional;
import java.util.OptionalLong;

/** Opens executions in tests. */
public final class TestExecution {
  private static final Execution.CorrelationIds IDS =
      new Execution.CorrelationIds("r1", "t1", "s1", new Execution.Trace(Optional.empty(), 0, ""));

  /** The origin of the token of an authenticated caller. */
  public static final Identity.Origin ORIGIN =
      new Identity.Origin("https://issuer.example", OptionalLong.empty());

  private TestExecution() {}

  /** Returns an execution with the ids {@code r1}, {@code t1} and {@code s1}. */
  public static Execution create() {
    return new Execution(IDS);
  }

  /** Returns an execution of an authenticated caller. */
  public static Execution of(Identity identity) {
    var execution = create();
    execution.setIdentity(identity);
    return execution;
  }
}
