package dev.partywall.local.aws.dynamo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.partywall.local.aws.dynamo.PartiQlTokenStream.PartiQlToken;
import dev.partywall.local.aws.dynamo.PartiQlTokenStream.TokenKind;
import dev.partywall.local.aws.iam.RequestContext;
import dev.partywall.local.aws.wire.AwsFault;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Determines the permissions for PartiQL calls. Each statement is authorized as the action that it
 * performs.
 */
final class StatementPermissions {
  private final EngineTables tables;

  StatementPermissions(EngineTables tables) {
    this.tables = tables;
  }

  /** Returns the permission for one node with a statement and its parameters. */
  RequiredPermission forStatement(ObjectNode node) {
    if (!node.path("Statement").isTextual()) {
      throw AwsFault.validation("Statement must not be null");
    }
    var statement = PartiQlStatement.parse(node.path("Statement").asText());
    var table = tables.table(tables.tableName(statement.table()));
    var leading = leading(statement, table, node.path("Parameters"));
    if (leading.isEmpty() && table.schema().isPresent() && !isSelect(statement)) {
      throw PartiQlStatement.malformed("The partition key is missing");
    }
    var keys = leading.map(RequestFacts::leadingKeys).orElse(RequestContext.EMPTY);
    var context = context(statement, table, leading.isEmpty()).merge(keys);
    return table.permission(statement.action(), statement.index(), context);
  }

  List<RequiredPermission> forStatements(ObjectNode body, String member) {
    var accesses = new ArrayList<RequiredPermission>();
    RequestMembers.requireList(body.path(member))
        .forEach(node -> accesses.add(forStatement(RequestMembers.requireKnown(node))));
    return accesses;
  }

  private static boolean isSelect(PartiQlStatement statement) {
    return statement.action().equals("PartiQLSelect");
  }

  private static Optional<Set<String>> leading(
      PartiQlStatement statement, RequestedTable table, JsonNode parameters) {
    return table
        .schema()
        .map(schema -> schema.keys(statement.index()).partition())
        .flatMap(partition -> statement.equalities().map(equal -> equal.get(partition)))
        .map(values ->
            values.stream().map(value -> text(value, parameters)).collect(Collectors.toSet()));
  }

  private static String text(PartiQlToken value, JsonNode parameters) {
    return switch (value.kind()) {
      case TokenKind.STRING -> value.text();
      case TokenKind.NUMBER -> CanonicalKeyValue.canonicalNumber(value.text());
      case TokenKind.PARAMETER ->
          CanonicalKeyValue.of(parameters.path(Integer.parseInt(value.text())));
      default ->
          throw PartiQlStatement.malformed("A key must be a string, a number or a parameter");
    };
  }

  private static RequestContext context(
      PartiQlStatement statement, RequestedTable table, boolean scan) {
    var attributes = new TreeSet<>(statement.attributes());
    table.schema().ifPresent(schema -> attributes.addAll(schema.keys().all()));
    var context = RequestContext.EMPTY.with("dynamodb:Attributes", attributes);
    if (statement.returnValues().isPresent()) {
      context = context.with("dynamodb:ReturnValues", statement.returnValues().get());
    }
    return isSelect(statement)
        ? context
            .with(
                "dynamodb:Select",
                statement.selectsAll() ? "ALL_ATTRIBUTES" : "SPECIFIC_ATTRIBUTES")
            .with("dynamodb:FullTableScan", String.valueOf(scan))
        : context;
  }
}
