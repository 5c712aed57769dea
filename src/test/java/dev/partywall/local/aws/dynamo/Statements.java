package dev.partywall.local.aws.dynamo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.partywall.local.aws.dynamo.PartiQlTokens.Kind;
import dev.partywall.local.aws.dynamo.PartiQlTokens.Token;
import dev.partywall.local.aws.iam.Context;
import dev.partywall.local.aws.wire.AwsFault;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Determines the permissions for PartiQL calls. Each statement is authorized as the action that it
 * performs.
 */
final class Statements {
  private final Tables tables;

  Statements(Tables tables) {
    this.tables = tables;
  }

  /** Returns the permission for one node with a statement and its parameters. */
  Access one(ObjectNode node) {
    if (!node.path("Statement").isTextual()) {
      throw AwsFault.validation("Statement must not be null");
    }
    var statement = PartiQl.read(node.path("Statement").asText());
    var table = tables.table(tables.name(statement.table()));
    var leading = leading(statement, table, node.path("Parameters"));
    if (leading.isEmpty() && table.schema().isPresent() && !isSelect(statement)) {
      throw PartiQl.malformed("The partition key is missing");
    }
    var keys = leading.map(key -> Facts.leading(List.of(key))).orElse(Context.EMPTY);
    var context = context(statement, table, leading.isEmpty()).and(keys);
    return table.access(statement.action(), statement.index(), context);
  }

  List<Access> all(ObjectNode body, String member) {
    var accesses = new ArrayList<Access>();
    Members.list(body.path(member)).forEach(node -> accesses.add(one(Members.known(node))));
    return accesses;
  }

  private static boolean isSelect(PartiQl statement) {
    return statement.action().equals("PartiQLSelect");
  }

  private static Optional<String> leading(PartiQl statement, Table table, JsonNode parameters) {
    return table
        .schema()
        .map(schema -> schema.keys(statement.index()).partition())
        .flatMap(partition -> statement.equal().map(equal -> equal.get(partition)))
        .map(value -> text(value, parameters));
  }

  private static String text(Token value, JsonNode parameters) {
    return switch (value.kind()) {
      case Kind.STRING -> value.text();
      case Kind.NUMBER -> KeyValue.number(value.text());
      case Kind.MARK -> KeyValue.text(parameters.path(Integer.parseInt(value.text())));
      default -> throw PartiQl.malformed("A key must be a string, a number or a parameter");
    };
  }

  private static Context context(PartiQl statement, Table table, boolean scan) {
    var attributes = new TreeSet<>(statement.attributes());
    table.schema().ifPresent(schema -> attributes.addAll(schema.keys().all()));
    var context = Context.EMPTY.with("dynamodb:Attributes", attributes);
    if (statement.returning().isPresent()) {
      context = context.with("dynamodb:ReturnValues", statement.returning().get());
    }
    return isSelect(statement)
        ? context
            .with(
                "dynamodb:Select",
                statement.everything() ? "ALL_ATTRIBUTES" : "SPECIFIC_ATTRIBUTES")
            .with("dynamodb:FullTableScan", String.valueOf(scan))
        : context;
  }
}
