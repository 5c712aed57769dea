package dev.partywall.local.aws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.partywall.local.aws.CloudFormationTemplate.DeploymentTarget;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TemplateTest {
  private static final String TABLE = "arn:aws:dynamodb:eu-central-1:123456789012:table/";
  private static final List<String> TYPES =
      List.of("AWS::DynamoDB::Table", "AWS::IAM::Role", "AWS::IAM::RolePolicy");

  private final CloudFormationTemplate template = with(Map.of());

  private static CloudFormationTemplate with(Map<String, String> parameters) {
    var all = new HashMap<>(Map.of("DeletionProtection", "false"));
    all.putAll(parameters);
    return CloudFormationTemplate.partywall(DeploymentTarget.LOCAL, all);
  }

  private static Set<String> texts(JsonNode node) {
    return node.isArray()
        ? StreamSupport.stream(node.spliterator(), false)
            .map(JsonNode::asText)
            .collect(Collectors.toCollection(TreeSet::new))
        : Set.of(node.asText());
  }

  private static Set<String> actions(List<JsonNode> policies) {
    return policies.stream()
        .flatMap(policy -> policy.findValues("Action").stream())
        .flatMap(action -> texts(action).stream())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ecs-tasks.amazonaws.com", "pods.eks.amazonaws.com", "ec2.amazonaws.com"})
  void everyResourceIsValidForEveryServicePrincipal(String principal) {
    var deployed = with(Map.of("ServicePrincipal", principal, "Provisioner", "true"));
    var checked = 0;
    for (var type : TYPES) {
      for (var id : deployed.resources(type)) {
        assertEquals(List.of(), ResourceTypes.faults(type, deployed.properties(id)), id);
        checked++;
      }
    }
    assertEquals(8, checked);
  }

  @Test
  void theTypeValidationFindsFaults() throws Exception {
    var broken = "{\"TableNam\":\"x\",\"DeletionProtectionEnabled\":\"yes\"}";
    var faults = ResourceTypes.faults("AWS::DynamoDB::Table", new ObjectMapper().readTree(broken));
    assertEquals(3, faults.size(), faults::toString);
  }

  /** A failed creation of the stack deletes the tables, so their names are free again. */
  @Test
  void aSecondAttemptCanCreateEveryTable() {
    for (var id : template.resources("AWS::DynamoDB::Table")) {
      assertEquals(
          "RetainExceptOnCreate", template.resource(id).required("DeletionPolicy").asText(), id);
      // DynamoDB would reject the deletion.
      assertFalse(template.properties(id).required("DeletionProtectionEnabled").booleanValue(), id);
    }
  }

  @Test
  void everyTableIsRetainedProtectedEncryptedAndRecoverable() {
    var deployed = with(Map.of("DeletionProtection", "true"));
    assertEquals(3, deployed.resources("AWS::DynamoDB::Table").size());
    for (var id : deployed.resources("AWS::DynamoDB::Table")) {
      var table = deployed.resource(id);
      assertEquals("Retain", table.required("UpdateReplacePolicy").asText(), id);
      var properties = deployed.properties(id);
      assertTrue(properties.required("DeletionProtectionEnabled").booleanValue(), id);
      assertTrue(properties.at("/SSESpecification/SSEEnabled").booleanValue(), id);
      assertTrue(
          properties
              .at("/PointInTimeRecoverySpecification/PointInTimeRecoveryEnabled")
              .booleanValue(),
          id);
    }
  }

  /** A default would turn off the protection of an existing stack. */
  @Test
  void aDeploymentMustStateTheProtectionOfTheTables() {
    var failure =
        assertThrows(
            IllegalArgumentException.class,
            () -> CloudFormationTemplate.partywall(DeploymentTarget.LOCAL, Map.of()));
    assertEquals("Parameter DeletionProtection must have a value", failure.getMessage());
  }

  @Test
  void theServiceRoleCannotAccessOrders() {
    for (var policy : template.identityPolicies("ServiceRole")) {
      for (var statement : policy.required("Statement")) {
        var onOrders =
            texts(statement.required("Resource")).stream().anyMatch(arn -> arn.contains("orders"));
        if (onOrders) {
          assertEquals(
              Set.of("dynamodb:DescribeTable", "dynamodb:DescribeTimeToLive"),
              texts(statement.required("Action")));
        }
      }
    }
  }

  @Test
  void onlyTheServiceMayAssumeTheTenantRole() {
    var assume =
        template.identityPolicies("ServiceRole").stream()
            .flatMap(
                policy -> StreamSupport.stream(policy.required("Statement").spliterator(), false))
            .filter(statement -> texts(statement.required("Action")).contains("sts:AssumeRole"))
            .toList();
    assertEquals(1, assume.size());
    assertEquals(
        Set.of("arn:aws:iam::123456789012:role/partywall-TenantRole"),
        texts(assume.getFirst().required("Resource")));
    assertEquals(
        "arn:aws:iam::123456789012:role/partywall-ServiceRole",
        template.trustPolicy("TenantRole").at("/Statement/0/Principal/AWS").asText());
  }

  @Test
  void theTenantRoleAllowsOnlyItemActionsByKey() {
    var policies = template.identityPolicies("TenantRole");
    assertEquals(
        Set.of("dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:DeleteItem", "dynamodb:Query"),
        actions(policies));
    var statement = policies.getFirst().at("/Statement/0");
    assertEquals("false", statement.at("/Condition/Null/dynamodb:LeadingKeys").asText());
    assertEquals(
        Set.of(
            TABLE + "partywall-orders",
            TABLE + "partywall-orders/index/by-i1",
            TABLE + "partywall-orders/index/by-i2",
            TABLE + "partywall-orders.*"),
        texts(statement.required("Resource")));
  }

  @Test
  void noPolicyAllowsWildcardActionsOrAllResources() {
    var deployed = with(Map.of("Provisioner", "true"));
    for (var role : deployed.resources("AWS::IAM::Role")) {
      var policies = deployed.identityPolicies(role);
      assertTrue(actions(policies).stream().noneMatch(action -> action.contains("*")), role);
      for (var policy : policies) {
        assertFalse(policy.findValues("Resource").toString().contains("\"*\""), role);
      }
    }
  }

  @Test
  void deploysTheProvisionerOnlyIfEnabled() {
    assertFalse(template.resources("AWS::IAM::Role").contains("ProvisionerRole"));
    assertThrows(IllegalArgumentException.class, () -> template.properties("ProvisionerRole"));
    var deployed = with(Map.of("Provisioner", "true"));
    assertEquals(2, deployed.identityPolicies("ServiceRole").size());
  }

  @Test
  void theProvisionerCreatesAllTablesAndDeletesOnlySilos() {
    var deployed = with(Map.of("Provisioner", "true"));
    var statements = deployed.identityPolicies("ProvisionerRole").getFirst().required("Statement");
    assertEquals(2, statements.size());
    assertEquals(
        Set.of(
            "dynamodb:CreateTable",
            "dynamodb:DescribeTable",
            "dynamodb:DescribeTimeToLive",
            "dynamodb:UpdateTimeToLive",
            "dynamodb:DescribeContinuousBackups",
            "dynamodb:UpdateContinuousBackups"),
        texts(statements.get(0).required("Action")));
    assertEquals(TABLE + "partywall-*", statements.get(0).required("Resource").asText());
    assertEquals(
        Set.of("dynamodb:UpdateTable", "dynamodb:DeleteTable"),
        texts(statements.get(1).required("Action")));
    assertEquals(TABLE + "partywall-orders.*", statements.get(1).required("Resource").asText());
  }

  @Test
  void theTrustPolicyMatchesTheServicePrincipal() {
    var ecs = template.trustPolicy("ServiceRole").at("/Statement/0");
    assertEquals(Set.of("sts:AssumeRole"), texts(ecs.required("Action")));
    assertEquals("123456789012", ecs.at("/Condition/StringEquals/aws:SourceAccount").asText());
    var ec2 = with(Map.of("ServicePrincipal", "ec2.amazonaws.com")).trustPolicy("ServiceRole");
    assertFalse(ec2.at("/Statement/0").has("Condition"));
    var eks = with(Map.of("ServicePrincipal", "pods.eks.amazonaws.com")).trustPolicy("ServiceRole");
    assertTrue(texts(eks.at("/Statement/0/Action")).contains("sts:TagSession"));
  }

  @Test
  void everyNameAndArnContainsThePrefix() {
    var deployed = with(Map.of("TablePrefix", "test7-"));
    assertEquals("test7-orders", deployed.properties("OrdersTable").required("TableName").asText());
    assertEquals(TABLE + "test7-usage", deployed.output("UsageTableArn"));
    assertTrue(
        deployed
            .identityPolicies("TenantRole")
            .toString()
            .contains("table/test7-orders/index/by-i1"));
  }

  @Test
  void everyTableOfTenantsContainsTheNameOfTheService() {
    var deployed = with(Map.of("TablePrefix", "test7-", "ServiceName", "notes"));
    assertEquals("test7-notes", deployed.properties("OrdersTable").required("TableName").asText());
    assertEquals(TABLE + "test7-tenants", deployed.output("TenantsTableArn"));
    assertEquals(TABLE + "test7-usage", deployed.output("UsageTableArn"));
    assertEquals(
        Set.of(
            TABLE + "test7-notes",
            TABLE + "test7-notes/index/by-i1",
            TABLE + "test7-notes/index/by-i2",
            TABLE + "test7-notes.*"),
        texts(
            deployed
                .identityPolicies("TenantRole")
                .getFirst()
                .at("/Statement/0")
                .required("Resource")));
    assertFalse(deployed.identityPolicies("ServiceRole").toString().contains("test7-orders"));
    assertTrue(deployed.identityPolicies("ServiceRole").toString().contains("test7-notes.*"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Notes",
        "my_notes",
        "a.b",
        "tenants",
        "usage",
        "abcdefghijklmnopqrstuvwxyzabcdefg",
        "n*"
      })
  void rejectsInvalidServices(String service) {
    assertThrows(IllegalArgumentException.class, () -> with(Map.of("ServiceName", service)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"tenants-of-notes", "usages", "a"})
  void acceptsOtherServices(String service) {
    assertEquals("partywall-" + service, with(Map.of("ServiceName", service)).name("OrdersTable"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "x*", "${AWS::Region}"})
  void rejectsInvalidPrefixes(String prefix) {
    assertThrows(IllegalArgumentException.class, () -> with(Map.of("TablePrefix", prefix)));
  }

  @Test
  void rejectsUnknownParameters() {
    assertThrows(IllegalArgumentException.class, () -> with(Map.of("Prefix", "x-")));
  }

  @Test
  void rejectsUnsupportedFunctions() {
    var text =
        """
        Parameters: {}
        Resources:
          T:
            Type: AWS::DynamoDB::Table
            Properties: {TableName: !Select [0, [a, b]], Literal: !Sub "${!Kept}"}
        """;
    var other = CloudFormationTemplate.parse(text, DeploymentTarget.LOCAL, Map.of());
    assertThrows(IllegalArgumentException.class, () -> other.properties("T"));
  }
}
