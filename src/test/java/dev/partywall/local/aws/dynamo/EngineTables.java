package dev.partywall.local.aws.dynamo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.partywall.local.aws.wire.AwsFault;
import dev.partywall.local.aws.wire.StrictJson;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/** The tables of the engine. Caches each schema until a call changes the table. */
final class EngineTables {
  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_.-]{3,255}");
  private static final String MEMBER = "TableName";

  private final Map<String, TableSchema> schemas = new ConcurrentHashMap<>();
  private final EngineClient engine;
  private long changes;
  private final String arnPrefix;

  /** Creates a view of the tables of one region and account. */
  EngineTables(EngineClient engine, String region, String account) {
    this.engine = engine;
    this.arnPrefix = "arn:aws:dynamodb:" + region + ":" + account + ":table/";
  }

  /** Returns the table that a request names. Replaces an ARN in the request by the name. */
  RequestedTable requestedTable(ObjectNode request) {
    var name = tableNameIn(request, MEMBER);
    request.put(MEMBER, name);
    return table(name);
  }

  /** Returns a table by name. */
  RequestedTable table(String name) {
    return new RequestedTable(name, arn(name), schema(name));
  }

  /** Returns the table name in a member of a request, which may be an ARN. */
  String tableNameIn(ObjectNode request, String member) {
    var node = request.path(member);
    if (!node.isTextual()) {
      throw AwsFault.validation(
          "The parameter '" + member + "' is required but was not present in the request");
    }
    return tableName(node.asText());
  }

  /** Returns the table name in a name or ARN. ARNs of other accounts or regions are invalid. */
  String tableName(String nameOrArn) {
    var name =
        nameOrArn.startsWith(arnPrefix) ? nameOrArn.substring(arnPrefix.length()) : nameOrArn;
    if (!NAME.matcher(name).matches()) {
      throw AwsFault.validation("Invalid table name or ARN: " + nameOrArn);
    }
    return name;
  }

  /** Returns a member that maps table names to values. Replaces ARNs in the request by names. */
  Map<String, JsonNode> byTableName(ObjectNode request, String member) {
    var byName = new LinkedHashMap<String, JsonNode>();
    for (var entry : RequestMembers.requireMap(request.path(member)).properties()) {
      if (byName.put(tableName(entry.getKey()), entry.getValue()) != null) {
        throw AwsFault.validation("Duplicate table: " + entry.getKey());
      }
    }
    request.set(member, StrictJson.newObject().setAll(byName));
    return byName;
  }

  String arn(String name) {
    return arnPrefix + name;
  }

  /** Discards the cached schema of a table. */
  synchronized void invalidateSchema(String name) {
    changes++;
    schemas.remove(name);
  }

  /**
   * Caches a schema unless a table changed since {@code changesBefore}. An outdated schema serves
   * only the request that read it.
   */
  private synchronized void cache(String name, TableSchema schema, long changesBefore) {
    if (changesBefore == changes) {
      schemas.put(name, schema);
    }
  }

  private synchronized long changes() {
    return changes;
  }

  /**
   * Returns the table that a request names. If the cached schema lacks {@code index}, reads the
   * schema again, because the index may be new.
   */
  RequestedTable queriedTable(ObjectNode request, Optional<String> index) {
    var table = requestedTable(request);
    if (index.isEmpty() || table.schema().stream().allMatch(s -> s.hasIndex(index.get()))) {
      return table;
    }
    invalidateSchema(table.name());
    return table(table.name());
  }

  private Optional<TableSchema> schema(String name) {
    return Optional.ofNullable(schemas.get(name)).or(() -> readSchema(name));
  }

  private Optional<TableSchema> readSchema(String name) {
    var request = StrictJson.newObject().put(MEMBER, name);
    var changesBefore = changes();
    var response = engine.call("DescribeTable", StrictJson.bytes(request));
    if (response.status() != 200) {
      return Optional.empty();
    }
    var schema = TableSchema.of(EngineClient.json(response).path("Table"));
    cache(name, schema, changesBefore);
    return Optional.of(schema);
  }
}
