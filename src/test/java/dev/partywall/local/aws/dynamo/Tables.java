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

/**
 * The tables as the engine has them. What they look like is asked once, and again after changes.
 */
final class Tables {
  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_.-]{3,255}");
  private static final String MEMBER = "TableName";

  private final Map<String, TableSchema> known = new ConcurrentHashMap<>();
  private final Engine engine;
  private long changes;
  private final String arnPrefix;

  /** Those of one region and account. */
  Tables(Engine engine, String region, String account) {
    this.engine = engine;
    this.arnPrefix = "arn:aws:dynamodb:" + region + ":" + account + ":table/";
  }

  /** The table that a request names; an ARN in its place becomes the name, also in the request. */
  Table named(ObjectNode request) {
    var name = nameIn(request, MEMBER);
    request.put(MEMBER, name);
    return table(name);
  }

  /** A table by name. */
  Table table(String name) {
    return new Table(name, arn(name), schema(name));
  }

  /** The name that a member of a request gives, as it is or in an ARN. */
  String nameIn(ObjectNode request, String member) {
    var node = request.path(member);
    if (!node.isTextual()) {
      throw AwsFault.validation(
          "The parameter '" + member + "' is required but was not present in the request");
    }
    return name(node.asText());
  }

  /** The name in what may be an ARN. One of another account or region is of a table not there. */
  String name(String nameOrArn) {
    var name =
        nameOrArn.startsWith(arnPrefix) ? nameOrArn.substring(arnPrefix.length()) : nameOrArn;
    if (!NAME.matcher(name).matches()) {
      throw AwsFault.validation("Invalid table name or ARN: " + nameOrArn);
    }
    return name;
  }

  /** A member that is a map by table; ARNs among its names become names, also in the request. */
  Map<String, JsonNode> keyed(ObjectNode request, String member) {
    var byName = new LinkedHashMap<String, JsonNode>();
    for (var entry : Members.map(request.path(member)).properties()) {
      if (byName.put(name(entry.getKey()), entry.getValue()) != null) {
        throw AwsFault.validation("A table is named twice: " + entry.getKey());
      }
    }
    request.set(member, StrictJson.newObject().setAll(byName));
    return byName;
  }

  String arn(String name) {
    return arnPrefix + name;
  }

  /** What is known of a table may have changed. */
  synchronized void forget(String name) {
    changes++;
    known.remove(name);
  }

  /** An answer that a change has overtaken is good for the request that asked, and for no other. */
  private synchronized void keep(String name, TableSchema schema, long asked) {
    if (asked == changes) {
      known.put(name, schema);
    }
  }

  private synchronized long changes() {
    return changes;
  }

  /** The table that a request names, with the index that it names, made a moment ago or not. */
  Table queried(ObjectNode request, Optional<String> index) {
    var table = named(request);
    if (index.isEmpty() || table.schema().stream().allMatch(s -> s.has(index.get()))) {
      return table;
    }
    forget(table.name());
    return table(table.name());
  }

  private Optional<TableSchema> schema(String name) {
    return Optional.ofNullable(known.get(name)).or(() -> ask(name));
  }

  private Optional<TableSchema> ask(String name) {
    var question = StrictJson.newObject().put(MEMBER, name);
    var asked = changes();
    var answer = engine.call("DescribeTable", StrictJson.bytes(question));
    if (answer.status() != 200) {
      return Optional.empty();
    }
    var schema = TableSchema.of(read(answer).path("Table"));
    keep(name, schema, asked);
    return Optional.of(schema);
  }

  private static ObjectNode read(AwsResponse answer) {
    try {
      return StrictJson.object(answer.body());
    } catch (IOException e) {
      throw new AwsFault(Code.INTERNAL, "The engine's answer is no JSON: " + e.getMessage());
    }
  }
}
