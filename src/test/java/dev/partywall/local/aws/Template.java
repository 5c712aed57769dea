package dev.partywall.local.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.yaml.snakeyaml.Yaml;

/**
 * A CloudFormation template as it would be deployed: with parameter values given, functions worked
 * out, and resources whose condition does not hold left out. What the local stack enforces and the
 * tests prove comes out of the very file that is deployed.
 */
public final class Template {
  /** The project's own template. */
  public static final Path PARTYWALL = Path.of("src/main/cloudformation/partywall.yaml");

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Map<String, Object> root;
  private final Map<String, String> names;
  private final Intrinsics intrinsics = new Intrinsics(this::valueOf, this::holds);

  private Template(Map<String, Object> root, Map<String, String> names) {
    this.root = root;
    this.names = names;
  }

  /** Where a template is deployed to. */
  public record Target(String partition, String region, String account, String stack) {
    /** A place that is none of AWS's. */
    public static final Target LOCAL =
        new Target("aws", "eu-central-1", "123456789012", "partywall");
  }

  /**
   * Reads a template.
   *
   * @param parameters values for its parameters; the others have their defaults
   * @throws IllegalArgumentException where a value is for no parameter, or is not allowed for it
   */
  public static Template read(Path file, Target target, Map<String, String> parameters) {
    try (var reader = Files.newBufferedReader(file)) {
      Map<String, Object> root = new Yaml(new ShortTags()).load(reader);
      return new Template(
          root, names(target, Parameters.values(map(root, "Parameters"), parameters)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, String> names(Target target, Map<String, String> parameters) {
    var names = new HashMap<>(parameters);
    names.put("AWS::Partition", target.partition());
    names.put("AWS::Region", target.region());
    names.put("AWS::AccountId", target.account());
    names.put("AWS::StackName", target.stack());
    return Map.copyOf(names);
  }

  /** The logical ids of the resources of that type which are deployed. */
  public List<String> resources(String type) {
    return map(root, "Resources").keySet().stream()
        .filter(id -> deployed(id) && map(resourceMap(id)).get("Type").equals(type))
        .toList();
  }

  /** A resource's properties. */
  public JsonNode properties(String logicalId) {
    if (!deployed(logicalId)) {
      throw new IllegalArgumentException("not deployed: " + logicalId);
    }
    return json(resourceMap(logicalId).getOrDefault("Properties", Map.of()));
  }

  /** The whole resource, beside its properties also what happens to it when the stack goes. */
  public JsonNode resource(String logicalId) {
    return json(resourceMap(logicalId));
  }

  /** A resource's ARN. */
  public String arn(String logicalId) {
    return valueOf(logicalId, "Arn");
  }

  /** The name by which AWS knows the resource. */
  public String name(String logicalId) {
    return valueOf(logicalId, "");
  }

  /** Who may take on the role: its trust policy. */
  public JsonNode trustPolicy(String role) {
    return properties(role).required("AssumeRolePolicyDocument");
  }

  /** What the role may do: its inline policies, those beside it included. */
  public List<JsonNode> identityPolicies(String role) {
    var policies = new ArrayList<JsonNode>();
    properties(role).path("Policies").forEach(it -> policies.add(it.required("PolicyDocument")));
    for (var id : resources("AWS::IAM::RolePolicy")) {
      if (properties(id).required("RoleName").asText().equals(name(role))) {
        policies.add(properties(id).required("PolicyDocument"));
      }
    }
    return policies;
  }

  /** The output's value. */
  public String output(String name) {
    return json(map(map(root, "Outputs"), name)).required("Value").asText();
  }

  private boolean deployed(String logicalId) {
    var condition = resourceMap(logicalId).get("Condition");
    return condition == null || holds(condition.toString());
  }

  private boolean holds(String condition) {
    return Boolean.TRUE.equals(
        intrinsics.resolve(Objects.requireNonNull(map(root, "Conditions").get(condition))));
  }

  /** What a {@code Ref} (no attribute) or {@code Fn::GetAtt} to the name comes to. */
  private String valueOf(String name, String attribute) {
    if (names.containsKey(name)) {
      return names.get(name);
    }
    var resource = resourceMap(name);
    var kind = resource.get("Type").toString();
    return switch (kind + " " + attribute) {
      case "AWS::DynamoDB::Table " -> tableName(resource);
      case "AWS::DynamoDB::Table Arn" ->
          "arn:%s:dynamodb:%s:%s:table/%s"
              .formatted(place(), region(), account(), tableName(resource));
      case "AWS::IAM::Role " -> names.get("AWS::StackName") + "-" + name;
      case "AWS::IAM::Role Arn" ->
          "arn:%s:iam::%s:role/%s".formatted(place(), account(), valueOf(name, ""));
      default -> throw new IllegalArgumentException("not known here: " + kind + "." + attribute);
    };
  }

  private String tableName(Map<String, Object> resource) {
    return json(map(resource, "Properties").get("TableName")).asText();
  }

  private String place() {
    return names.get("AWS::Partition");
  }

  private String region() {
    return names.get("AWS::Region");
  }

  private String account() {
    return names.get("AWS::AccountId");
  }

  private Map<String, Object> resourceMap(String logicalId) {
    return map(map(root, "Resources"), logicalId);
  }

  private JsonNode json(Object value) {
    return JSON.valueToTree(intrinsics.resolve(value));
  }

  private static Map<String, Object> map(Map<String, Object> map, String key) {
    var value = map.get(key);
    if (value == null) {
      throw new IllegalArgumentException("not in the template: " + key);
    }
    return map(value);
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> map(Object value) {
    return (Map<String, Object>) value;
  }
}
