package dev.partywall.local.aws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.partywall.local.aws.CloudFormationTemplate.DeploymentTarget;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TemplateTest {
  private static final String TABLE = "arn:aws:dynamodb:eu-central-1:123456789012:table/";
  private static final List<String> TYPES =
      List.of("AWS::DynamoDB::Table", "AWS::IAM::Role", "AWS::IAM::RolePolicy");

  private final CloudFormationTemplate template = LocalAwsFixture.template(Map.of());

  @ParameterizedTest
  @ValueSource(strings = {"ecs-tasks.amazonaws.com", "pods.eks.amazonaws.com", "ec2.amazonaws.com"})
  void everyResourceIsValidForEveryServicePrincipal(String principal) {
    var deployed =
        LocalAwsFixture.template(Map.of("ServicePrincipal", principal, "Provisioner", "true"));
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
    var deployed = LocalAwsFixture.template(Map.of("DeletionProtection", "true"));
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
  void everyNameAndArnContainsThePrefix() {
    var deployed = LocalAwsFixture.template(Map.of("TablePrefix", "test7-"));
    assertEquals("test7-orders", deployed.properties("OrdersTable").required("TableName").asText());
    assertEquals(TABLE + "test7-usage", deployed.output("UsageTableArn"));
    assertTrue(
        deployed
            .identityPolicies("TenantRole")
            .toString()
            .contains("table/test7-orders/index/by-i1"));
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
    assertThrows(
        IllegalArgumentException.class,
        () -> LocalAwsFixture.template(Map.of("ServiceName", service)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"tenants-of-notes", "usages", "a"})
  void acceptsOtherServices(String service) {
    assertEquals(
        "partywall-" + service,
        LocalAwsFixture.template(Map.of("ServiceName", service)).name("OrdersTable"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "x*", "${AWS::Region}"})
  void rejectsInvalidPrefixes(String prefix) {
    assertThrows(
        IllegalArgumentException.class,
        () -> LocalAwsFixture.template(Map.of("TablePrefix", prefix)));
  }

  @Test
  void rejectsUnknownParameters() {
    assertThrows(
        IllegalArgumentException.class, () -> LocalAwsFixture.template(Map.of("Prefix", "x-")));
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
