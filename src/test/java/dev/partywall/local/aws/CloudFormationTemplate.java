package dev.partywall.local.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.yaml.snakeyaml.Yaml;

/**
 * A CloudFormation template as deployed: with parameter values, evaluated functions, and without
 * resources whose condition is false. The local stack and the tests read their policies from the
 * deployed file itself.
 */
public final class CloudFormationTemplate {
  /** The template of every service, a resource in the jar of the kernel. */
  private static final String PARTYWALL = "/dev/partywall/cloudformation/partywall.yaml";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Map<String, Object> root;
  private final Map<String, String> names;
  private final IntrinsicFunctions intrinsics = new IntrinsicFunctions(this::valueOf, this::isTrue);

  private CloudFormationTemplate(Map<String, Object> root, Map<String, String> names) {
    this.root = root;
    this.names = names;
  }

  /** The target of a deployment. */
  public record DeploymentTarget(String partition, String region, String account, String stack) {
    /** A target that does not exist in AWS. */
    public static final DeploymentTarget LOCAL =
        new DeploymentTarget("aws", "eu-central-1", "123456789012", "partywall");
  }

  /**
   * Reads the template of a service on Partywall.
   *
   * @param parameters parameter values; other parameters have their defaults
   * @throws IllegalArgumentException if a parameter is unknown, its value is not allowed, or one
   *     without a default is not given
   */
  public static CloudFormationTemplate partywall(
      DeploymentTarget target, Map<String, String> parameters) {
    try (var resource = CloudFormationTemplate.class.getResourceAsStream(PARTYWALL)) {
      if (resource == null) {
        throw new IllegalStateException("The resource is missing on the class path: " + PARTYWALL);
      }
      var text = new String(resource.readAllBytes(), StandardCharsets.UTF_8);
      return parse(text, target, parameters);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads a template from its text, like {@link #partywall}. */
  static CloudFormationTemplate parse(
      String text, DeploymentTarget target, Map<String, String> parameters) {
    Map<String, Object> root = new Yaml(new ShortFormYaml()).load(text);
    return new CloudFormationTemplate(
        root, names(target, TemplateParameters.values(map(root, "Parameters"), parameters)));
  }

  private static Map<String, String> names(
      DeploymentTarget target, Map<String, String> parameters) {
    var names = new HashMap<>(parameters);
    names.put("AWS::Partition", target.partition());
    names.put("AWS::Region", target.region());
    names.put("AWS::AccountId", target.account());
    names.put("AWS::StackName", target.stack());
    return Map.copyOf(names);
  }

  /** Returns the logical ids of the deployed resources of {@code type}. */
  public List<String> resources(String type) {
    return map(root, "Resources").keySet().stream()
        .filter(id -> isDeployed(id) && map(resourceMap(id)).get("Type").equals(type))
        .toList();
  }

  /**
   * Returns the properties of a resource.
   *
   * @throws IllegalArgumentException if the resource is not deployed
   */
  public JsonNode properties(String logicalId) {
    if (!isDeployed(logicalId)) {
      throw new IllegalArgumentException("Resource not deployed: " + logicalId);
    }
    return json(resourceMap(logicalId).getOrDefault("Properties", Map.of()));
  }

  /** Returns the complete resource, including its deletion policies. */
  public JsonNode resource(String logicalId) {
    return json(resourceMap(logicalId));
  }

  /** Returns the ARN of a resource. */
  public String arn(String logicalId) {
    return valueOf(logicalId, "Arn");
  }

  /** Returns the physical name of a resource. */
  public String name(String logicalId) {
    return valueOf(logicalId, "");
  }

  /** Returns the trust policy of a role. */
  public JsonNode trustPolicy(String role) {
    return properties(role).required("AssumeRolePolicyDocument");
  }

  /**
   * Returns the inline policies of a role, including separate {@code AWS::IAM::RolePolicy}
   * resources.
   */
  public List<JsonNode> identityPolicies(String role) {
    var policies = new ArrayList<JsonNode>();
    properties(role)
        .path("Policies")
        .forEach(policy -> policies.add(policy.required("PolicyDocument")));
    for (var id : resources("AWS::IAM::RolePolicy")) {
      if (properties(id).required("RoleName").asText().equals(name(role))) {
        policies.add(properties(id).required("PolicyDocument"));
      }
    }
    return policies;
  }

  /** Returns the value of an output. */
  public String output(String name) {
    return json(map(map(root, "Outputs"), name)).required("Value").asText();
  }

  private boolean isDeployed(String logicalId) {
    var condition = resourceMap(logicalId).get("Condition");
    return condition == null || isTrue(condition.toString());
  }

  private boolean isTrue(String condition) {
    return Boolean.TRUE.equals(
        intrinsics.evaluate(Objects.requireNonNull(map(root, "Conditions").get(condition))));
  }

  /** Returns the value of a {@code Ref} (empty attribute) or {@code Fn::GetAtt}. */
  private String valueOf(String name, String attribute) {
    if (names.containsKey(name)) {
      return names.get(name);
    }
    var resource = resourceMap(name);
    var type = resource.get("Type").toString();
    return switch (type + " " + attribute) {
      case "AWS::DynamoDB::Table " -> tableName(resource);
      case "AWS::DynamoDB::Table Arn" ->
          "arn:%s:dynamodb:%s:%s:table/%s"
              .formatted(partition(), region(), account(), tableName(resource));
      case "AWS::IAM::Role " -> names.get("AWS::StackName") + "-" + name;
      case "AWS::IAM::Role Arn" ->
          "arn:%s:iam::%s:role/%s".formatted(partition(), account(), valueOf(name, ""));
      default ->
          throw new IllegalArgumentException("Unsupported reference: " + type + "." + attribute);
    };
  }

  private String tableName(Map<String, Object> resource) {
    return json(map(resource, "Properties").get("TableName")).asText();
  }

  private String partition() {
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
    return JSON.valueToTree(intrinsics.evaluate(value));
  }

  private static Map<String, Object> map(Map<String, Object> map, String key) {
    var value = map.get(key);
    if (value == null) {
      throw new IllegalArgumentException("Missing in the template: " + key);
    }
    return map(value);
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> map(Object value) {
    return (Map<String, Object>) value;
  }
}
