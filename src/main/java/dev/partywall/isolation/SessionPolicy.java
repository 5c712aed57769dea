package dev.partywall.isolation;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.partywall.tenancy.TenantLocation;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.Stream;

/**
 * The session policy of one tenant. It allows the item actions that the service needs, on exactly
 * one table and its indexes, for exactly the partition keys of the tenant.
 *
 * <p>Both conditions are required. The first alone matches requests without leading keys; the
 * second alone allows the keys of every tenant.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html">Fine-grained
 *     access control in DynamoDB</a>
 */
public final class SessionPolicy {
  /** The maximum length of an inline policy in {@code AssumeRole}. */
  static final int MAX_CHARACTERS = 2_048;

  /**
   * Scan and PartiQL are excluded, because leading keys do not limit them. AWS authorises each
   * write of a transaction by these same actions.
   */
  private static final List<String> ACTIONS =
      List.of("dynamodb:GetItem", "dynamodb:Query", "dynamodb:PutItem", "dynamodb:DeleteItem");

  private static final List<String> READ_ACTIONS = List.of("dynamodb:GetItem", "dynamodb:Query");

  private static final String LEADING_KEYS = "dynamodb:LeadingKeys";
  private static final JsonFactory JSON = new JsonFactory();

  private final RoleArn role;
  private final Literal region;
  private final List<String> actions;
  private final List<String> indexes;

  private SessionPolicy(RoleArn role, String region, List<String> actions, List<String> indexes) {
    this.role = role;
    this.region = new Literal(region);
    this.actions = actions;
    this.indexes = indexes;
  }

  /**
   * Creates policies for tables in the account of the role.
   *
   * @param region the region of the tables, such as {@code eu-central-1}
   */
  public SessionPolicy(RoleArn role, String region) {
    this(role, region, ACTIONS, TenantLocation.INDEXES);
  }

  /** Returns policies that permit only reads of the table, and none of its indexes. */
  public static SessionPolicy readOnly(RoleArn role, String region) {
    return new SessionPolicy(role, region, READ_ACTIONS, List.of());
  }

  /**
   * Returns the policy for a tenant at a location, as JSON without spaces, because STS counts
   * characters.
   *
   * @throws IllegalArgumentException if a name is not a policy literal, or if the policy exceeds
   *     the length limit of STS
   */
  public String json(TenantLocation location) {
    var text = new StringWriter();
    try (var json = JSON.createGenerator(text)) {
      write(location, json);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to a string failed", e);
    }
    if (text.getBuffer().length() > MAX_CHARACTERS) {
      throw new IllegalArgumentException(
          "the session policy for %s has %,d characters; STS accepts at most %,d"
              .formatted(location.table(), text.getBuffer().length(), MAX_CHARACTERS));
    }
    return text.toString();
  }

  private void write(TenantLocation location, JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("Version", "2012-10-17");
    json.writeArrayFieldStart("Statement");
    json.writeStartObject();
    json.writeStringField("Effect", "Allow");
    writeArray("Action", actions, json);
    writeArray("Resource", resources(new Literal(location.table())), json);
    json.writeObjectFieldStart("Condition");
    writeConditions(location.partitionKeys(), json);
    json.writeEndObject();
    json.writeEndObject();
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void writeConditions(List<String> partitionKeys, JsonGenerator json)
      throws IOException {
    // True if each partition key of the request is in the list, even if the request has none.
    json.writeObjectFieldStart("ForAllValues:StringEquals");
    writeArray(
        LEADING_KEYS, partitionKeys.stream().map(key -> new Literal(key).value()).toList(), json);
    json.writeEndObject();
    // The request must have a partition key; a Scan has none.
    json.writeObjectFieldStart("Null");
    writeArray(LEADING_KEYS, List.of("false"), json);
    json.writeEndObject();
  }

  /**
   * Returns the table and its indexes, which policies treat as separate resources, each listed by
   * name. A pattern would match indexes that are added later, including one whose leading key is
   * shared by several tenants.
   */
  private List<String> resources(Literal name) {
    var table =
        "arn:%s:dynamodb:%s:%s:table/%s".formatted(role.partition(), region, role.account(), name);
    var indexes = this.indexes.stream().map(index -> table + "/index/" + new Literal(index));
    return Stream.concat(Stream.of(table), indexes).toList();
  }

  private static void writeArray(String name, List<String> values, JsonGenerator json)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (var value : values) {
      json.writeString(value);
    }
    json.writeEndArray();
  }
}
