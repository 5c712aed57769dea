package dev.partywall.local.aws.iam;

import dev.partywall.local.aws.wire.AwsErrorCode;
import dev.partywall.local.aws.wire.AwsFault;

/** Authorizes each request by its caller's policies, and records each decision. */
public final class AuthorizationGate {
  private final AwsCallRecorder recorder;

  /** Creates a gate that records its decisions in {@code recorder}. */
  public AuthorizationGate(AwsCallRecorder recorder) {
    this.recorder = recorder;
  }

  /**
   * Requires that the caller's policies allow the request.
   *
   * @throws AwsFault in the wording of AWS, if the request is denied
   */
  public void requireAllowed(
      IamPrincipal caller, String action, String resource, RequestContext context) {
    enforce(caller, action, resource, caller.evaluate(action, resource, context));
  }

  /**
   * Requires that a role trusts the caller and that the caller's own policies allow the action. If
   * the trust policy names the caller itself, AWS requires less.
   *
   * @throws AwsFault in the wording of AWS, if the request is denied
   */
  public void requireTrusted(
      IamPrincipal caller, IamPolicy trust, String action, String role, RequestContext context) {
    var verdict = caller.evaluate(action, role, context);
    var trusted = caller.isTrusted(trust, action, role, context);
    enforce(
        caller,
        action,
        role,
        verdict.allowed() && !trusted
            ? EvaluationResult.denied(
                "because no resource-based policy allows the " + action + " action")
            : verdict);
  }

  /** Records that a fully authorized call is forwarded to the engine. */
  public void recordForwarded(IamPrincipal caller, String operation) {
    recorder.recordForwarded(caller.arn(), operation);
  }

  /** Records a denial and returns the exception for it. */
  public AwsFault deny(IamPrincipal caller, String action, String resource, String reason) {
    recorder.recordDecision(new RecordedDecision(caller.arn(), action, resource, false, reason));
    return new AwsFault(
        AwsErrorCode.ACCESS_DENIED,
        "User: %s is not authorized to perform: %s on resource: %s %s"
            .formatted(caller.arn(), action, resource, reason));
  }

  private void enforce(
      IamPrincipal caller, String action, String resource, EvaluationResult verdict) {
    if (!verdict.allowed()) {
      throw deny(caller, action, resource, verdict.reason());
    }
    recorder.recordDecision(new RecordedDecision(caller.arn(), action, resource, true, ""));
  }
}
