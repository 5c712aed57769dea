package dev.partywall.local.aws.iam;

import com.fasterxml.jackson.databind.JsonNode;
import dev.partywall.local.aws.wire.StrictJson;
import java.io.IOException;
import java.util.List;

/**
 * A policy, read and checked whole: what is not understood to the last word is refused at load, not
 * at evaluation.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html">grammar
 *     of the IAM JSON policy language</a>
 */
public final class Policy {
  private final List<Statement> statements;

  Policy(List<Statement> statements) {
    this.statements = statements;
  }

  /**
   * A policy that hangs on its principal: an identity-based policy or a session policy.
   *
   * @throws MalformedPolicy where it does not hold
   */
  public static Policy of(String json) {
    return of(tree(json));
  }

  /**
   * The same from a parsed document, such as a template's {@code PolicyDocument}.
   *
   * @throws MalformedPolicy where it does not hold
   */
  public static Policy of(JsonNode json) {
    return new PolicyReader(false).read(json);
  }

  /**
   * A role's trust policy ({@code AssumeRolePolicyDocument}).
   *
   * @throws MalformedPolicy where it does not hold
   */
  public static Policy trust(String json) {
    return trust(tree(json));
  }

  /**
   * The same from a parsed document.
   *
   * @throws MalformedPolicy where it does not hold
   */
  public static Policy trust(JsonNode json) {
    return new PolicyReader(true).read(json);
  }

  boolean says(Effect effect, Identity caller, String action, String resource, Context context) {
    return statements.stream()
        .filter(statement -> statement.effect() == effect)
        .anyMatch(statement -> statement.applies(caller, action, resource, context));
  }

  private static JsonNode tree(String json) {
    try {
      return StrictJson.object(json);
    } catch (IOException e) {
      throw new MalformedPolicy("This policy contains invalid Json");
    }
  }
}
