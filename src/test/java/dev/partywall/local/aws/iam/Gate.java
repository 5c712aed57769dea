package dev.partywall.local.aws.iam;

import dev.partywall.local.aws.wire.AwsFault;
import dev.partywall.local.aws.wire.Code;

/** Authorizes each request by its caller's policies, and records each decision. */
public final class Gate {
  private final Recorder recorder;

  /** Creates a gate that records its decisions in {@code recorder}. */
  public Gate(Recorder recorder) {
    this.recorder = recorder;
  }

  /**
   * Requires that the caller's policies allow the request.
   *
   * @throws AwsFault in the wording of AWS, if the request is denied
   */
  public void require(Identity caller, String action, String resource, Context context) {
    enforce(caller, action, resource, caller.decide(action, resource, context));
  }

  /**
   * Requires that a role trusts the caller and that the caller's own policies allow the action. If
   * the trust policy names the caller itself, AWS requires less.
   *
   * @throws AwsFault in the wording of AWS, if the request is denied
   */
  public void requireTrusted(
      Identity caller, Policy trust, String action, String role, Context context) {
    var verdict = caller.decide(action, role, context);
    var trusted = caller.isTrusted(trust, action, role, context);
    enforce(
        caller,
        action,
        role,
        verdict.allowed() && !trusted
            ? Verdict.refused("because no resource-based policy allows the " + action + " action")
            : verdict);
  }

  /** Records that a fully authorized call is forwarded to the engine. */
  public void pass(Identity caller, String operation) {
    recorder.pass(caller.arn(), operation);
  }

  /** Records a denial and returns the exception for it. */
  public AwsFault refuse(Identity caller, String action, String resource, String reason) {
    recorder.decided(new Decision(caller.arn(), action, resource, false, reason));
    return new AwsFault(
        Code.ACCESS_DENIED,
        "User: %s is not authorized to perform: %s on resource: %s %s"
            .formatted(caller.arn(), action, resource, reason));
  }

  private void enforce(Identity caller, String action, String resource, Verdict verdict) {
    if (!verdict.allowed()) {
      throw refuse(caller, action, resource, verdict.because());
    }
    recorder.decided(new Decision(caller.arn(), action, resource, true, ""));
  }
}
