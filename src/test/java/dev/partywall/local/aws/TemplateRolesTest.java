package dev.partywall.local.aws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** The roles of the template: their trust policies and their identity policies. */
class TemplateRolesTest {
  private static final String TABLE = "arn:aws:dynamodb:eu-central-1:123456789012:table/";
  private static final String TENANT_KEYS =
      "{\"ForAllValues:StringLike\":{\"dynamodb:LeadingKeys\":"
          + "[\"${aws:PrincipalTag/tenant}\",\"${aws:PrincipalTag/tenant}.*\"]},"
          + "\"Null\":{\"dynamodb:LeadingKeys\":\"false\"}}";

  private final CloudFormationTemplate template = LocalAwsFixture.template(Map.of());

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
    var trust = template.trustPolicy("TenantRole").required("Statement");
    assertEquals(1, trust.size());
    assertEquals(
        "arn:aws:iam::123456789012:role/partywall-ServiceRole",
        trust.at("/0/Principal/AWS").asText());
  }

  @Test
  void theTenantRoleRequiresATagThatTheServiceMaySet() {
    var trust = template.trustPolicy("TenantRole").at("/Statement/0");
    assertEquals(Set.of("sts:AssumeRole", "sts:TagSession"), texts(trust.required("Action")));
    assertEquals(
        "{\"StringLike\":{\"aws:RequestTag/tenant\":\"?*\"}}",
        trust.required("Condition").toString());
    var own = template.identityPolicies("ServiceRole").getFirst().at("/Statement/0");
    assertEquals(Set.of("sts:AssumeRole", "sts:TagSession"), texts(own.required("Action")));
  }

  @Test
  void theTenantRoleAllowsOnlyItemActionsByKey() {
    var policies = template.identityPolicies("TenantRole");
    assertEquals(
        Set.of("dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:DeleteItem", "dynamodb:Query"),
        actions(policies));
    var statement = policies.getFirst().at("/Statement/0");
    assertEquals(TENANT_KEYS, statement.required("Condition").toString());
    assertEquals(tables("partywall-orders"), texts(statement.required("Resource")));
  }

  @Test
  void theTenantRoleReadsRestoredTablesByKey() {
    var statements = template.identityPolicies("TenantRole").getFirst().required("Statement");
    assertEquals(2, statements.size());
    var restored = statements.get(1);
    assertEquals(Set.of("dynamodb:GetItem", "dynamodb:Query"), texts(restored.required("Action")));
    assertEquals(
        Set.of(TABLE + "partywall-orders.restored_*"), texts(restored.required("Resource")));
    assertEquals(TENANT_KEYS, restored.required("Condition").toString());
  }

  /** Returns the pool, the silo of the tagged tenant, and their indexes. */
  private static Set<String> tables(String pool) {
    return Set.of(
        TABLE + pool,
        TABLE + pool + "/index/by-i1",
        TABLE + pool + "/index/by-i2",
        TABLE + pool + ".${aws:PrincipalTag/tenant}",
        TABLE + pool + ".${aws:PrincipalTag/tenant}/index/by-i1",
        TABLE + pool + ".${aws:PrincipalTag/tenant}/index/by-i2",
        TABLE + pool + ".${aws:PrincipalTag/tenant}.*");
  }

  @Test
  void noPolicyAllowsWildcardActionsOrAllResources() {
    var deployed = LocalAwsFixture.template(Map.of("Provisioner", "true"));
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
    var deployed = LocalAwsFixture.template(Map.of("Provisioner", "true"));
    assertEquals(2, deployed.identityPolicies("ServiceRole").size());
  }

  @Test
  void theProvisionerCreatesAllTablesAndDeletesOnlySilos() {
    var deployed = LocalAwsFixture.template(Map.of("Provisioner", "true"));
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
    var ec2 =
        LocalAwsFixture.template(Map.of("ServicePrincipal", "ec2.amazonaws.com"))
            .trustPolicy("ServiceRole");
    assertFalse(ec2.at("/Statement/0").has("Condition"));
    var eks =
        LocalAwsFixture.template(Map.of("ServicePrincipal", "pods.eks.amazonaws.com"))
            .trustPolicy("ServiceRole");
    assertTrue(texts(eks.at("/Statement/0/Action")).contains("sts:TagSession"));
  }

  /** The session tags of EKS Pod Identity are transitive. */
  @Test
  void onEksEveryRoleOfTheChainAcceptsSessionTags() {
    var deployed =
        LocalAwsFixture.template(
            Map.of("ServicePrincipal", "pods.eks.amazonaws.com", "Provisioner", "true"));
    for (var role : deployed.resources("AWS::IAM::Role")) {
      assertEquals(
          Set.of("sts:AssumeRole", "sts:TagSession"),
          texts(deployed.trustPolicy(role).at("/Statement/0/Action")),
          role);
    }
    for (var policy : deployed.identityPolicies("ServiceRole")) {
      assertEquals(
          Set.of("sts:AssumeRole", "sts:TagSession"), texts(policy.at("/Statement/0/Action")));
    }
  }

  @Test
  void everyTableOfTenantsContainsTheNameOfTheService() {
    var deployed =
        LocalAwsFixture.template(Map.of("TablePrefix", "test7-", "ServiceName", "notes"));
    assertEquals("test7-notes", deployed.properties("OrdersTable").required("TableName").asText());
    assertEquals(TABLE + "test7-tenants", deployed.output("TenantsTableArn"));
    assertEquals(TABLE + "test7-usage", deployed.output("UsageTableArn"));
    assertEquals(
        tables("test7-notes"),
        texts(
            deployed
                .identityPolicies("TenantRole")
                .getFirst()
                .at("/Statement/0")
                .required("Resource")));
    assertFalse(deployed.identityPolicies("ServiceRole").toString().contains("test7-orders"));
    assertTrue(deployed.identityPolicies("ServiceRole").toString().contains("test7-notes.*"));
  }
}
