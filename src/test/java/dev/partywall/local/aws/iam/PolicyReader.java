package dev.partywall.local.aws.iam;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Parses a policy and rejects every unsupported element, operator and form. */
final class PolicyReader {
  private static final Set<String> POLICY = Set.of("Version", "Id", "Statement");
  private static final Set<String> STATEMENT =
      Set.of(
          "Sid",
          "Effect",
          "Principal",
          "Action",
          "NotAction",
          "Resource",
          "NotResource",
          "Condition");
  // The prefix and the name are case-insensitive.
  private static final Pattern ACTION = Pattern.compile("\\*|[A-Za-z0-9-]+:[A-Za-z0-9*?]+");
  private static final Pattern RESOURCE = Pattern.compile("\\*|arn:.+");
  private static final Pattern SID = Pattern.compile("[A-Za-z0-9]*");

  private final boolean trust;
  private boolean hasVariables;

  PolicyReader(boolean trust) {
    this.trust = trust;
  }

  IamPolicy read(JsonNode json) {
    requireKnown(json, POLICY);
    hasVariables = supportsVariables(json);
    var statements = new ArrayList<IamStatement>();
    for (var node : each(json.path("Statement"))) {
      statements.add(statement(node));
    }
    uniqueSids(statements);
    return new IamPolicy(List.copyOf(statements));
  }

  /**
   * Returns whether the policy supports variables. Version 2012-10-17 introduced them; older
   * policies treat them as literal text.
   */
  private static boolean supportsVariables(JsonNode json) {
    return switch (json.path("Version").asText("2008-10-17")) {
      case "2012-10-17" -> true;
      case "2008-10-17" -> false;
      default ->
          throw new MalformedPolicyException("The policy must contain a valid version string");
    };
  }

  private IamStatement statement(JsonNode node) {
    requireKnown(node, STATEMENT);
    if (trust && (node.has("Resource") || node.has("NotResource"))) {
      throw new MalformedPolicyException("Has prohibited field Resource");
    }
    return new IamStatement(
        sid(node.path("Sid")),
        effect(node.path("Effect")),
        principals(node.path("Principal")),
        names(node, "Action", ACTION, "Policy statement must contain actions."),
        trust
            ? new NamePatterns(false, false, List.of(PolicyString.literal("*")))
            : names(node, "Resource", RESOURCE, "Policy statement must contain resources."),
        new ConditionReader(hasVariables).read(node.path("Condition")));
  }

  private static String sid(JsonNode node) {
    if (!node.isMissingNode() && !(node.isTextual() && SID.matcher(node.asText()).matches())) {
      throw new MalformedPolicyException("Statement IDs (SID) must be alpha-numeric.");
    }
    return node.asText("");
  }

  private static IamEffect effect(JsonNode node) {
    return switch (node.asText("")) {
      case "Allow" -> IamEffect.ALLOW;
      case "Deny" -> IamEffect.DENY;
      default -> throw new MalformedPolicyException("Invalid effect: " + node);
    };
  }

  private StatementPrincipals principals(JsonNode node) {
    if (!trust) {
      if (!node.isMissingNode()) {
        throw new MalformedPolicyException("Policy document should not specify a principal.");
      }
      return StatementPrincipals.ANY_PRINCIPAL;
    }
    if (node.isTextual() && node.asText().equals("*")) {
      return StatementPrincipals.ANY_PRINCIPAL;
    }
    requireKnown(node, Set.of("AWS", "Service", "Federated"));
    var named = node.has("AWS") ? strings(node.path("AWS")) : List.<String>of();
    return new StatementPrincipals(Set.copyOf(named));
  }

  private NamePatterns names(JsonNode node, String member, Pattern form, String missing) {
    var negated = node.has("Not" + member);
    if (negated == node.has(member)) {
      throw new MalformedPolicyException(missing);
    }
    var texts = strings(node.path(negated ? "Not" + member : member));
    var action = member.equals("Action");
    for (var text : texts) {
      if (!form.matcher(text).matches()) {
        throw new MalformedPolicyException(member + " " + text + " has an unsupported form.");
      }
    }
    var templates = texts.stream().map(text -> template(text, action)).toList();
    return new NamePatterns(negated, action, templates);
  }

  private PolicyString template(String text, boolean action) {
    return hasVariables && !action ? PolicyString.withVariables(text) : PolicyString.literal(text);
  }

  private static void uniqueSids(List<IamStatement> statements) {
    var seen = new HashSet<String>();
    for (var statement : statements) {
      if (!statement.sid().isEmpty() && !seen.add(statement.sid())) {
        throw new MalformedPolicyException(
            "Statement IDs (SID) in a single policy must be unique.");
      }
    }
  }

  /** Reads one or several strings. */
  static List<String> strings(JsonNode node) {
    var all = new ArrayList<String>();
    for (var value : each(node)) {
      if (!value.isTextual()) {
        throw new MalformedPolicyException("Not a string: " + value);
      }
      all.add(value.asText());
    }
    return all;
  }

  /**
   * Returns the elements of a list, or a single value as a list.
   *
   * @throws MalformedPolicyException if the node is empty
   */
  static Iterable<JsonNode> each(JsonNode node) {
    if (node.isMissingNode() || node.isNull() || (node.isArray() && node.isEmpty())) {
      throw new MalformedPolicyException("Syntax errors in policy.");
    }
    return node.isArray() ? node : List.of(node);
  }

  private static void requireKnown(JsonNode node, Set<String> members) {
    if (!node.isObject()) {
      throw new MalformedPolicyException("Syntax errors in policy.");
    }
    for (var member : node.properties()) {
      if (!members.contains(member.getKey())) {
        throw new MalformedPolicyException("Unknown element: " + member.getKey());
      }
    }
  }
}
