package dev.partywall.isolation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.partywall.local.aws.CloudFormationTemplate;
import dev.partywall.local.aws.CloudFormationTemplate.DeploymentTarget;
import dev.partywall.storage.TestPlacements;
import dev.partywall.tenancy.Placement;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.TenantLocation;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SessionPolicyTest {
  private static final RoleArn ROLE = new RoleArn("arn:aws:iam::123456789012:role/path/tenant");
  private static final TenantId ACME = new TenantId("acme");
  private static final String TABLE = "arn:aws:dynamodb:eu-central-1:123456789012:table/";

  private final SessionPolicy policies = new SessionPolicy(ROLE, "eu-central-1");

  private JsonNode statement(Placement placement) throws Exception {
    var location = new TestPlacements("partywall-orders", Map.of(ACME, placement)).locationOf(ACME);
    var policy = new ObjectMapper().readTree(policies.json(location));
    assertEquals("2012-10-17", policy.required("Version").asText());
    assertEquals(1, policy.required("Statement").size());
    var statement = policy.at("/Statement/0");
    assertEquals("Allow", statement.required("Effect").asText());
    return statement;
  }

  private static Set<String> texts(JsonNode list) {
    var texts = new TreeSet<String>();
    list.forEach(node -> texts.add(node.asText()));
    return texts;
  }

  private static Set<String> keys(JsonNode statement) {
    return texts(statement.at("/Condition/ForAllValues:StringEquals/dynamodb:LeadingKeys"));
  }

  @Test
  void allowsExactlyTheItemActionsOfTheTenantRoleInTheTemplate() throws Exception {
    var rolePolicy =
        CloudFormationTemplate.partywall(
                DeploymentTarget.LOCAL, Map.of("DeletionProtection", "false"))
            .identityPolicies("TenantRole")
            .getFirst();
    assertEquals(
        texts(rolePolicy.at("/Statement/0/Action")),
        texts(statement(new Placement.Pool()).required("Action")));
    assertEquals(
        Set.of("dynamodb:DeleteItem", "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query"),
        texts(rolePolicy.at("/Statement/0/Action")));
  }

  @Test
  void listsOneTableAndItsIndexes() throws Exception {
    assertEquals(
        Set.of(
            TABLE + "partywall-orders",
            TABLE + "partywall-orders/index/by-i1",
            TABLE + "partywall-orders/index/by-i2"),
        texts(statement(new Placement.Pool()).required("Resource")));
    assertEquals(
        Set.of(
            TABLE + "partywall-orders.acme",
            TABLE + "partywall-orders.acme/index/by-i1",
            TABLE + "partywall-orders.acme/index/by-i2"),
        texts(statement(new Placement.Silo()).required("Resource")));
  }

  @Test
  void listsThePartitionKeysOfTheTenant() throws Exception {
    assertEquals(Set.of("acme"), keys(statement(new Placement.Pool())));
    assertEquals(Set.of("acme"), keys(statement(new Placement.Silo())));
    assertEquals(
        Set.of("acme.0", "acme.1", "acme.2"), keys(statement(new Placement.ShardedPool(3))));
  }

  @Test
  void deniesRequestsWithoutLeadingKeys() throws Exception {
    var condition = statement(new Placement.Pool()).required("Condition");
    assertEquals(Set.of("false"), texts(condition.at("/Null/dynamodb:LeadingKeys")));
    assertEquals(2, condition.size());
  }

  @Test
  void longestPolicyFitsTheLimitOfSts() {
    var longestId = new TenantId("a".repeat(63));
    var longestPrefix = "p".repeat(64);
    var longestRegion =
        new SessionPolicy(
            new RoleArn("arn:aws-us-gov:iam::123456789012:role/tenant"), "us-isob-southwest-1");
    for (var placement :
        List.of(
            new Placement.Pool(),
            new Placement.ShardedPool(Placement.ShardedPool.MAX_SHARDS),
            new Placement.Silo())) {
      var location =
          new TestPlacements(longestPrefix + "orders", Map.of(longestId, placement))
              .locationOf(longestId, 1_000_000);
      var length = longestRegion.json(location).length();
      assertTrue(length <= 2_048, () -> placement + ": " + length);
    }
  }

  @Test
  void rejectsAPolicyAboveTheLimitOfSts() {
    var location = new TenantLocation("t".repeat(255), List.of("k".repeat(600), "l".repeat(600)));
    assertThrows(IllegalArgumentException.class, () -> policies.json(location));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"*", "acme*", "acm?", "${aws:userid}", "a\"b", "a\\b", "a/b", "", "ä", "a\n"})
  void rejectsWildcardsVariablesAndQuotesInEveryPartOfAPolicy(String text) {
    assertThrows(IllegalArgumentException.class, () -> new Literal(text));
    var asKey = new TenantLocation("orders", List.of("acme", text));
    var asTable = new TenantLocation(text, List.of("acme"));
    assertThrows(IllegalArgumentException.class, () -> policies.json(asKey));
    assertThrows(IllegalArgumentException.class, () -> policies.json(asTable));
    assertThrows(IllegalArgumentException.class, () -> new SessionPolicy(ROLE, text));
  }

  @Test
  void policyHasNoWildcard() {
    var location =
        new TestPlacements("p-orders", Map.of(ACME, new Placement.ShardedPool(16)))
            .locationOf(ACME);
    var json = policies.json(location);
    assertFalse(json.contains("*") || json.contains("?") || json.contains("$"), json);
    assertFalse(json.contains(" "), "STS counts spaces");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "tenant",
        "arn:aws:iam::12345:role/x",
        "arn:aws:iam::123456789012:user/x",
        "arn:aws:sts::123456789012:role/x",
        "arn:aws:iam::123456789012:role/",
        "arn:aws:iam::123456789012:role/*"
      })
  void rejectsTextThatIsNotTheArnOfARole(String arn) {
    assertThrows(IllegalArgumentException.class, () -> new RoleArn(arn));
  }

  @Test
  void aReadOnlyPolicyPermitsTwoActionsOnTheTableAlone() {
    var location = new TenantLocation("partywall-orders.restored", List.of("acme.0", "acme.1"));

    assertEquals(
        "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\","
            + "\"Action\":[\"dynamodb:GetItem\",\"dynamodb:Query\"],"
            + "\"Resource\":[\""
            + TABLE
            + "partywall-orders.restored\"],"
            + "\"Condition\":{\"ForAllValues:StringEquals\":"
            + "{\"dynamodb:LeadingKeys\":[\"acme.0\",\"acme.1\"]},"
            + "\"Null\":{\"dynamodb:LeadingKeys\":[\"false\"]}}}]}",
        SessionPolicy.readOnly(ROLE, "eu-central-1").json(location));
  }
}
