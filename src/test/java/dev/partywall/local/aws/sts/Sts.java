package dev.partywall.local.aws.sts;

import static dev.partywall.local.aws.sts.Xml.element;
import static dev.partywall.local.aws.sts.Xml.group;
import static java.time.temporal.ChronoUnit.SECONDS;

import dev.partywall.local.aws.iam.Context;
import dev.partywall.local.aws.iam.Credentials;
import dev.partywall.local.aws.iam.Gate;
import dev.partywall.local.aws.iam.Identity;
import dev.partywall.local.aws.iam.Keyring;
import dev.partywall.local.aws.wire.AwsFault;
import dev.partywall.local.aws.wire.AwsRequest;
import dev.partywall.local.aws.wire.AwsResponse;
import dev.partywall.local.aws.wire.Code;
import java.time.InstantSource;
import java.util.Optional;

/** AssumeRole and GetCallerIdentity as STS answers them, and no other action. */
public final class Sts {
  private static final String VERSION = "2011-06-15";

  private final Account account;
  private final Keyring keyring;
  private final Gate gate;
  private final InstantSource clock;

  /** One for an account, which puts what it issues on the keyring. */
  public Sts(Account account, Keyring keyring, Gate gate, InstantSource clock) {
    this.account = account;
    this.keyring = keyring;
    this.gate = gate;
    this.clock = clock;
  }

  /** The action that a request asks for, for the records; whatever it says, if it says anything. */
  public static String action(AwsRequest request) {
    return new Form(request.body()).get("Action").orElse("");
  }

  /** The session that a request would begin, for the records. */
  public static Optional<String> session(AwsRequest request) {
    return new Form(request.body()).get("RoleSessionName");
  }

  /**
   * Answers a request whose caller is known.
   *
   * @throws AwsFault where it is refused
   */
  public AwsResponse answer(
      AwsRequest request, Identity caller, Context context, String requestId) {
    var form = new Form(request.body());
    var action = form.get("Action").orElse("");
    if (!form.get("Version").orElse("").equals(VERSION)) {
      throw unknown(action, form.get("Version").orElse(""));
    }
    return switch (action) {
      case "GetCallerIdentity" -> Xml.result(action, identity(caller), requestId);
      case "AssumeRole" ->
          Xml.result(action, assume(AssumeRole.parse(form), caller, context), requestId);
      default -> throw unknown(action, VERSION);
    };
  }

  /** Needs no permission, as at AWS. */
  private static String identity(Identity caller) {
    return element("Arn", caller.arn())
        + element("UserId", caller.userId())
        + element("Account", caller.account());
  }

  private String assume(AssumeRole call, Identity caller, Context request) {
    // A role that isn't there is refused like one that doesn't trust the caller.
    var role =
        account
            .role(call.roleArn())
            .orElseThrow(() ->
                gate.refuse(
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

  private String issue(AssumeRole call, Identity caller, Role role) {
    var expiration = clock.instant().truncatedTo(SECONDS).plus(call.life(caller, role));
    var packed = call.packedSize();
    var session = account.session(role, call.sessionName(), call.tags(), call.policy());
    return described(keyring.issue(session, expiration), packed);
  }

  private static String described(Credentials issued, int packed) {
    var identity = issued.identity();
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
        + (packed > 0 ? element("PackedPolicySize", String.valueOf(packed)) : "");
  }

  private static AwsFault unknown(String action, String version) {
    return new AwsFault(
        Code.UNKNOWN_OPERATION, "Could not find operation " + action + " for version " + version);
  }
}
