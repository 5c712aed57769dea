package dev.partywall.local.aws.iam;

import com.fasterxml.jackson.databind.JsonNode;
import dev.partywall.local.aws.wire.StrictJson;
import java.io.IOException;
import java.util.List;

/**
 * A parsed and validated policy. Unsupported elements are rejected at load time, not at evaluation.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html">grammar
 *     of the IAM JSON policy language</a>
 */
public final class IamPolicy {
  private final List<IamStatement> statements;

  IamPolicy(List<IamStatement> statements) {
    this.statements = statements;
  }

  /**
   * Parses an identity-based policy or a session policy.
   *
   * @throws MalformedPolicyException if the policy is invalid
   */
  public static IamPolicy of(String json) {
    return of(parse(json));
  }

  /**
   * Reads an identity-based policy or a session policy from a parsed document, such as a template's
   * {@code PolicyDocument}.
   *
   * @throws MalformedPolicyException if the policy is invalid
   */
  public static IamPolicy of(JsonNode json) {
    return new PolicyReader(false).read(json);
  }

  /**
   * Parses a role's trust policy ({@code AssumeRolePolicyDocument}).
   *
   * @throws MalformedPolicyException if the policy is invalid
   */
  public static IamPolicy trust(String json) {
    return trust(parse(json));
  }

  /**
   * Reads a role's trust policy from a parsed document.
   *
   * @throws MalformedPolicyException if the policy is invalid
   */
  public static IamPolicy trust(JsonNode json) {
    return new PolicyReader(true).read(json);
  }

  boolean hasMatchingStatement(
      IamEffect effect,
      IamPrincipal caller,
      String action,
      String resource,
      RequestContext context) {
    return statements.stream()
        .filter(statement -> statement.effect() == effect)
        .anyMatch(statement -> statement.applies(caller, action, resource, context));
  }

  private static JsonNode parse(String json) {
    try {
      return StrictJson.object(json);
    } catch (IOException e) {
      throw new MalformedPolicyException("This policy contains invalid Json");
    }
  }
}
