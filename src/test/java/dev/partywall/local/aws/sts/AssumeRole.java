package dev.partywall.local.aws.sts;

import dev.partywall.local.aws.iam.IamPolicy;
import dev.partywall.local.aws.iam.IamPrincipal;
import dev.partywall.local.aws.iam.MalformedPolicyException;
import dev.partywall.local.aws.iam.RequestContext;
import dev.partywall.local.aws.wire.AwsErrorCode;
import dev.partywall.local.aws.wire.AwsFault;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The validated parameters of an AssumeRole call.
 *
 * @param seconds the requested session duration
 * @param policyText the session policy as sent
 * @see <a
 *     href="https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html">AssumeRole</a>
 */
record AssumeRole(
    String roleArn,
    String sessionName,
    long seconds,
    Optional<String> policyText,
    Optional<IamPolicy> policy,
    Optional<String> externalId,
    Map<String, String> tags) {
  private static final Set<String> KNOWN =
      Set.of(
          "Action",
          "Version",
          "RoleArn",
          "RoleSessionName",
          "DurationSeconds",
          "Policy",
          "ExternalId");
  private static final Pattern SESSION_NAME = Pattern.compile("[\\w+=,.@-]{2,64}");
  private static final int MAX_POLICY_CHARACTERS = 2_048;
  private static final long MAX_CHAINED_SECONDS = 3_600;

  static AssumeRole parse(FormParameters form) {
    form.requireOnly(KNOWN);
    var text = form.get("Policy");
    return new AssumeRole(
        form.required("RoleArn"),
        sessionName(form.required("RoleSessionName")),
        seconds(form.get("DurationSeconds").orElse("3600")),
        text,
        text.map(AssumeRole::policy),
        form.get("ExternalId"),
        SessionTags.of(form));
  }

  private static String sessionName(String name) {
    if (!SESSION_NAME.matcher(name).matches()) {
      throw invalid(
          name,
          "roleSessionName",
          "Member must satisfy regular expression pattern: [\\w+=,.@-]*, with a length of 2 to 64");
    }
    return name;
  }

  private static long seconds(String text) {
    if (!text.matches("\\d{1,9}") || Long.parseLong(text) < 900) {
      throw invalid(text, "durationSeconds", "Member must have value greater than or equal to 900");
    }
    if (Long.parseLong(text) > 43_200) {
      throw invalid(text, "durationSeconds", "Member must have value less than or equal to 43200");
    }
    return Long.parseLong(text);
  }

  private static IamPolicy policy(String text) {
    if (text.length() > MAX_POLICY_CHARACTERS) {
      throw invalid(text, "policy", "Member must have length less than or equal to 2048");
    }
    try {
      return IamPolicy.of(text);
    } catch (MalformedPolicyException e) {
      throw new AwsFault(AwsErrorCode.MALFORMED_POLICY, String.valueOf(e.getMessage()));
    }
  }

  /**
   * Returns the session duration, limited by the role and by role chaining.
   *
   * @throws AwsFault if the requested duration exceeds a limit
   */
  Duration sessionDuration(IamPrincipal caller, Role role) {
    if (caller.isRoleSession() && seconds > MAX_CHAINED_SECONDS) {
      throw AwsFault.validation(
          "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role"
              + " chaining.");
    }
    if (seconds > role.maxSessionDuration().toSeconds()) {
      throw AwsFault.validation(
          "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.");
    }
    return Duration.ofSeconds(seconds);
  }

  /**
   * Returns the share of the packed size limit that policy and tags consume, in percent.
   *
   * @throws AwsFault if the share exceeds 100 percent
   */
  int packedSize() {
    var percent = PackedSize.percent(policyText.orElse(""), tags);
    if (percent > 100) {
      throw new AwsFault(
          AwsErrorCode.PACKED_POLICY_TOO_LARGE,
          "Packed policy consumes " + percent + "% of allotted space, please use smaller policy.");
    }
    return percent;
  }

  RequestContext context(RequestContext request) {
    var context = request.with("sts:RoleSessionName", sessionName);
    if (externalId.isPresent()) {
      context = context.with("sts:ExternalId", externalId.get());
    }
    for (var tag : tags.entrySet()) {
      context = context.with("aws:RequestTag/" + tag.getKey(), tag.getValue());
    }
    return context.with("aws:TagKeys", tags.keySet());
  }

  private static AwsFault invalid(String value, String member, String constraint) {
    return AwsFault.validation(
        "1 validation error detected: Value '%s' at '%s' failed to satisfy constraint: %s"
            .formatted(value, member, constraint));
  }
}
