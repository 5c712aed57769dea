package dev.partywall.local.aws.sts;

import static dev.partywall.local.aws.sts.StsXml.element;
import static dev.partywall.local.aws.sts.StsXml.group;
import static java.time.temporal.ChronoUnit.SECONDS;

import dev.partywall.local.aws.iam.AuthorizationGate;
import dev.partywall.local.aws.iam.CredentialStore;
import dev.partywall.local.aws.iam.IamCredentials;
import dev.partywall.local.aws.iam.IamPrincipal;
import dev.partywall.local.aws.iam.RequestContext;
import dev.partywall.local.aws.wire.AwsErrorCode;
import dev.partywall.local.aws.wire.AwsFault;
import dev.partywall.local.aws.wire.AwsRequest;
import dev.partywall.local.aws.wire.AwsResponse;
import java.time.InstantSource;
import java.util.Optional;

/** Implements AssumeRole and GetCallerIdentity of STS. */
public final class StsEndpoint {
  private static final String VERSION = "2011-06-15";

  private final AwsAccount account;
  private final CredentialStore keyring;
  private final AuthorizationGate gate;
  private final InstantSource clock;

  /** Creates an endpoint for one account, which adds issued keys to the credential store. */
  public StsEndpoint(
      AwsAccount account, CredentialStore keyring, AuthorizationGate gate, InstantSource clock) {
    this.account = account;
    this.keyring = keyring;
    this.gate = gate;
    this.clock = clock;
  }

  /** Returns the unvalidated action of a request, for the recorder; empty if absent. */
  public static String action(AwsRequest request) {
    return new FormParameters(request.body()).get("Action").orElse("");
  }

  /** Returns the session name of a request, for the recorder. */
  public static Optional<String> sessionName(AwsRequest request) {
    return new FormParameters(request.body()).get("RoleSessionName");
  }

  /**
   * Handles a request of an authenticated caller.
   *
   * @throws AwsFault if the request is rejected
   */
  public AwsResponse handle(
      AwsRequest request, IamPrincipal caller, RequestContext context, String requestId) {
    var form = new FormParameters(request.body());
    var action = form.get("Action").orElse("");
    if (!form.get("Version").orElse("").equals(VERSION)) {
      throw unknownOperation(action, form.get("Version").orElse(""));
    }
    return switch (action) {
      case "GetCallerIdentity" -> StsXml.result(action, identity(caller), requestId);
      case "AssumeRole" ->
          StsXml.result(action, assume(AssumeRole.parse(form), caller, context), requestId);
      default -> throw unknownOperation(action, VERSION);
    };
  }

  /** Returns the caller. As in AWS, this requires no permission. */
  private static String identity(IamPrincipal caller) {
    return element("Arn", caller.arn())
        + element("UserId", caller.userId())
        + element("Account", caller.account());
  }

  private String assume(AssumeRole call, IamPrincipal caller, RequestContext request) {
    // A missing role and a role that does not trust the caller cause the same error.
    var role =
        account
            .role(call.roleArn())
            .orElseThrow(() ->
                gate.deny(
                    caller,
                    "sts:AssumeRole",
                    call.roleArn(),
                    "because no resource-based policy allows the sts:AssumeRole action"));
    var context = call.context(request);
    gate.requireTrusted(caller, role.trust(), "sts:AssumeRole", call.roleArn(), context);
    if (!call.tags().isEmpty()) {
      gate.requireTrusted(caller, role.trust(), "sts:TagSession", call.roleArn(), context);
    }
    return issue(call, caller, role);
  }

  private String issue(AssumeRole call, IamPrincipal caller, Role role) {
    var now = clock.instant().truncatedTo(SECONDS);
    var expiration = now.plus(call.sessionDuration(caller, role));
    var packedPercent = call.packedSize();
    var session =
        account.sessionPrincipal(role, call.sessionName(), call.tags(), call.policy(), now);
    return toXml(keyring.issue(session, expiration), packedPercent);
  }

  private static String toXml(IamCredentials issued, int packedPercent) {
    var identity = issued.principal();
    return group(
            "AssumedRoleUser",
            element("AssumedRoleId", identity.userId()),
            element("Arn", identity.arn()))
        + group(
            "Credentials",
            element("AccessKeyId", issued.accessKeyId()),
            element("SecretAccessKey", issued.secretAccessKey()),
            element("SessionToken", issued.sessionToken().orElseThrow()),
            element("Expiration", issued.expiration().orElseThrow().toString()))
        + (packedPercent > 0 ? element("PackedPolicySize", String.valueOf(packedPercent)) : "");
  }

  private static AwsFault unknownOperation(String action, String version) {
    return new AwsFault(
        AwsErrorCode.UNKNOWN_OPERATION,
        "Could not find operation " + action + " for version " + version);
  }
}
