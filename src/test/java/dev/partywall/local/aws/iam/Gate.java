package dev.partywall.local.aws.iam;

import dev.partywall.local.aws.wire.AwsFault;
import dev.partywall.local.aws.wire.Code;

/** Where every request is held against its caller's policies, and every decision is recorded. */
public final class Gate {
  private final Recorder recorder;

  /** One that records there. */
  public Gate(Recorder recorder) {
    this.recorder = recorder;
  }

  /**
   * Lets an allowed request pass.
   *
   * @throws AwsFault with AWS's wording, where it is not allowed
   */
  public void require(Identity caller, String action, String resource, Context context) {
    settle(caller, action, resource, caller.decide(action, resource, context));
  }

  /**
   * Lets a caller pass whom a role trusts and whose own policies allow it. AWS asks for less where
   * the trust policy names the very caller.
   *
   * @throws AwsFault with AWS's wording, where it is not allowed
   */
  public void requireTrusted(
      Identity caller, Policy trust, String action, String role, Context context) {
    var verdict = caller.decide(action, role, context);
    var trusted = caller.isTrusted(trust, action, role, context);
    settle(
        caller,
        action,
        role,
        verdict.allowed() && !trusted
            ? Verdict.refused("because no resource-based policy allows the " + action + " action")
            : verdict);
  }

  /** Notes that a call goes on, all of its questions answered. */
  public void pass(Identity caller, String operation) {
    recorder.pass(caller.arn(), operation);
  }

  /** Refuses what is not there to be allowed. */
  public AwsFault refuse(Identity caller, String action, String resource, String because) {
    recorder.decided(new Decision(caller.arn(), action, resource, false, because));
    return new AwsFault(
        Code.ACCESS_DENIED,
        "User: %s is not authorized to perform: %s on resource: %s %s"
            .formatted(caller.arn(), action, resource, because));
  }

  private void settle(Identity caller, String action, String resource, Verdict verdict) {
    if (!verdict.allowed()) {
      throw refuse(caller, action, resource, verdict.because());
    }
    recorder.decided(new Decision(caller.arn(), action, resource, true, ""));
  }
}
