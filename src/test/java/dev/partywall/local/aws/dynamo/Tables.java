package dev.partywall.local.aws.dynamo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.partywall.local.aws.wire.AwsFault;
import dev.partywall.local.aws.wire.AwsResponse;
import dev.partywall.local.aws.wire.Code;
import dev.partywall.local.aws.wire.StrictJson;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/** The tables of the engine. Caches each schema until a call changes the table. */
final class Tables {
  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_.-]{3,255}");
  private static final String MEMBER = "TableName";

  private final Map<String, TableSchema> schemas = new ConcurrentHashMap<>();
  private final Engine engine;
  private long changes;
  private final String arnPrefix;

  /** Creates a view of the tables of one region and account. */
  Tables(Engine engine, String region, String account) {
    this.engine = engine;
    this.arnPrefix = "arn:aws:dynamodb:" + region + ":" + account + ":table/";
  }

  /** Returns the table that a request names. Replaces an ARN in the request by the name. */
  Table named(ObjectNode request) {
    var name = nameIn(request, MEMBER);
    request.put(MEMBER, name);
    return table(name);
  }

  /** Returns a table by name. */
  Table table(String name) {
    return new Table(name, arn(name), schema(name));
  }

  /** Returns the table name in a member of a request, which may be an ARN. */
  String nameIn(ObjectNode request, String member) {
    var node = request.path(member);
    if (!node.isTextual()) {
      throw AwsFault.validation(
          "The parameter '" + member + "' is required but was not present in the request");
    }
    return name(node.asText());
  }

  /** Returns the table name in a name or ARN. ARNs of other accounts or regions are invalid. */
  String name(String nameOrArn) {
    var name =
        nameOrArn.startsWith(arnPrefix) ? nameOrArn.substring(arnPrefix.length()) : nameOrArn;
    if (!NAME.matcher(name).matches()) {
      throw AwsFault.validation("Invalid table name or ARN: " + nameOrArn);
    }
    return name;
  }

  /** Returns a member that maps table names to values. Replaces ARNs in the request by names. */
  Map<String, JsonNode> keyed(ObjectNode request, String member) {
    var byName = new LinkedHashMap<String, JsonNode>();
    for (var entry : Members.map(request.path(member)).properties()) {
      if (byName.put(name(entry.getKey()), entry.getValue()) != null) {
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
  synchronized void forget(String name) {
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
  Table queried(ObjectNode request, Optional<String> index) {
    var table = named(request);
    if (index.isEmpty() || table.schema().stream().allMatch(s -> s.has(index.get()))) {
      return table;
    }
    forget(table.name());
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
    var schema = TableSchema.of(parse(response).path("Table"));
    cache(name, schema, changesBefore);
    return Optional.of(schema);
  }

  private static ObjectNode parse(AwsResponse response) {
    try {
      return StrictJson.object(response.body());
    } catch (IOException e) {
      throw new AwsFault(
          Code.INTERNAL, "The engine's response is not valid JSON: " + e.getMessage());
    }
  }
}
