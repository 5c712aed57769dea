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
  private static final Pattern ACTION = Pattern.compile("\\*|[a-z0-9-]+:[A-Za-z0-9*?]+");
  private static final Pattern RESOURCE = Pattern.compile("\\*|arn:.+");
  private static final Pattern SID = Pattern.compile("[A-Za-z0-9]*");

  private final boolean trust;
  private boolean hasVariables;

  PolicyReader(boolean trust) {
    this.trust = trust;
  }

  Policy read(JsonNode json) {
    requireKnown(json, POLICY);
    hasVariables = supportsVariables(json);
    var statements = new ArrayList<Statement>();
    for (var node : each(json.path("Statement"))) {
      statements.add(statement(node));
    }
    uniqueSids(statements);
    return new Policy(List.copyOf(statements));
  }

  /**
   * Returns whether the policy supports variables. Version 2012-10-17 introduced them; older
   * policies treat them as literal text.
   */
  private static boolean supportsVariables(JsonNode json) {
    return switch (json.path("Version").asText("2008-10-17")) {
      case "2012-10-17" -> true;
      case "2008-10-17" -> false;
      default -> throw new MalformedPolicy("The policy must contain a valid version string");
    };
  }

  private Statement statement(JsonNode node) {
    requireKnown(node, STATEMENT);
    if (trust && (node.has("Resource") || node.has("NotResource"))) {
      throw new MalformedPolicy("Has prohibited field Resource");
    }
    return new Statement(
        sid(node.path("Sid")),
        effect(node.path("Effect")),
        principals(node.path("Principal")),
        names(node, "Action", ACTION, "Policy statement must contain actions."),
        trust
            ? new Names(false, false, List.of(Template.plain("*")))
            : names(node, "Resource", RESOURCE, "Policy statement must contain resources."),
        new ConditionReader(hasVariables).read(node.path("Condition")));
  }

  private static String sid(JsonNode node) {
    if (!node.isMissingNode() && !(node.isTextual() && SID.matcher(node.asText()).matches())) {
      throw new MalformedPolicy("Statement IDs (SID) must be alpha-numeric.");
    }
    return node.asText("");
  }

  private static Effect effect(JsonNode node) {
    return switch (node.asText("")) {
      case "Allow" -> Effect.ALLOW;
      case "Deny" -> Effect.DENY;
      default -> throw new MalformedPolicy("Invalid effect: " + node);
    };
  }

  private Trusted principals(JsonNode node) {
    if (!trust) {
      if (!node.isMissingNode()) {
        throw new MalformedPolicy("Policy document should not specify a principal.");
      }
      return Trusted.EVERYBODY;
    }
    if (node.isTextual() && node.asText().equals("*")) {
      return Trusted.EVERYBODY;
    }
    requireKnown(node, Set.of("AWS", "Service", "Federated"));
    var named = node.has("AWS") ? strings(node.path("AWS")) : List.<String>of();
    return new Trusted(Set.copyOf(named));
  }

  private Names names(JsonNode node, String member, Pattern form, String missing) {
    var negated = node.has("Not" + member);
    if (negated == node.has(member)) {
      throw new MalformedPolicy(missing);
    }
    var texts = strings(node.path(negated ? "Not" + member : member));
    var action = member.equals("Action");
    for (var text : texts) {
      if (!form.matcher(text).matches()) {
        throw new MalformedPolicy(member + " " + text + " has an unsupported form.");
      }
    }
    var templates = texts.stream().map(text -> template(text, action)).toList();
    return new Names(negated, action, templates);
  }

  private Template template(String text, boolean action) {
    return hasVariables && !action ? Template.withVariables(text) : Template.plain(text);
  }

  private static void uniqueSids(List<Statement> statements) {
    var seen = new HashSet<String>();
    for (var statement : statements) {
      if (!statement.sid().isEmpty() && !seen.add(statement.sid())) {
        throw new MalformedPolicy("Statement IDs (SID) in a single policy must be unique.");
      }
    }
  }

  /** Reads one or several strings. */
  static List<String> strings(JsonNode node) {
    var all = new ArrayList<String>();
    for (var value : each(node)) {
      if (!value.isTextual()) {
        throw new MalformedPolicy("Not a string: " + value);
      }
      all.add(value.asText());
    }
    return all;
  }

  /**
   * Returns the elements of a list, or a single value as a list.
   *
   * @throws MalformedPolicy if the node is empty
   */
  static Iterable<JsonNode> each(JsonNode node) {
    if (node.isMissingNode() || node.isNull() || (node.isArray() && node.isEmpty())) {
      throw new MalformedPolicy("Syntax errors in policy.");
    }
    return node.isArray() ? node : List.of(node);
  }

  private static void requireKnown(JsonNode node, Set<String> members) {
    if (!node.isObject()) {
      throw new MalformedPolicy("Syntax errors in policy.");
    }
    for (var member : node.properties()) {
      if (!members.contains(member.getKey())) {
        throw new MalformedPolicy("Unknown element: " + member.getKey());
      }
    }
  }
}
