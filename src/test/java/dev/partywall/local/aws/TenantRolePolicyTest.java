package dev.partywall.local.aws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.partywall.local.aws.CloudFormationTemplate.DeploymentTarget;
import dev.partywall.local.aws.iam.IamPolicy;
import dev.partywall.local.aws.iam.IamPrincipal;
import dev.partywall.local.aws.iam.RequestContext;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The identity policy of the tenant role, for sessions without a session policy. */
class TenantRolePolicyTest {
  private static final String TABLE =
      "arn:aws:dynamodb:eu-central-1:123456789012:table/partywall-orders";
  private static final List<String> ACTIONS =
      List.of("dynamodb:GetItem", "dynamodb:Query", "dynamodb:PutItem", "dynamodb:DeleteItem");
  private static final List<String> ALL_TABLES =
      List.of("", "/index/by-i1", ".acme", ".acme/index/by-i2", ".acme.2", ".restored_0900", ".");

  private static IamPrincipal session(Map<String, String> tags) {
    var template =
        CloudFormationTemplate.partywall(
            DeploymentTarget.LOCAL, Map.of("DeletionProtection", "false"));
    return new IamPrincipal(
        "arn:aws:sts::123456789012:assumed-role/partywall-TenantRole/x",
        template.arn("TenantRole"),
        "AROA:x",
        tags,
        template.identityPolicies("TenantRole").stream().map(IamPolicy::of).toList(),
        Optional.empty(),
        Optional.empty());
  }

  private static boolean allows(IamPrincipal caller, String action, String table, String... keys) {
    var context = RequestContext.EMPTY.with("dynamodb:LeadingKeys", List.of(keys));
    return caller.evaluate(action, TABLE + table, context).allowed();
  }

  @ParameterizedTest
  @CsvSource({
    "'', acme, true",
    "'', acme.0, true",
    "'', acme.15, true",
    "/index/by-i1, acme.3, true",
    "/index/by-i2, acme, true",
    ".acme, acme, true",
    ".acme/index/by-i1, acme, true",
    ".acme.2, acme, true",
    ".acme.2/index/by-i2, acme, true",
    "'', acme2, false",
    "'', acme-x, false",
    "'', acm, false",
    "'', globex, false",
    "'', globex.0, false",
    "'', ACME, false",
    "/index/by-i1, globex, false",
    "/index/by-i3, acme, false",
    "/stream/2026, acme, false",
    ".acme, globex, false",
    ".acme/index/by-i3, acme, false",
    ".acme2, acme2, false",
    ".acme2, acme, false",
    ".acme-x, acme, false",
    ".globex, globex, false",
    ".globex, acme, false",
    ".globex/index/by-i1, acme, false",
    ".globex.2, acme, false",
    "-x.acme, acme, false",
    ".*, acme, false"
  })
  void aTaggedSessionReachesTheItemsOfItsTenant(String table, String key, boolean allowed) {
    var acme = session(Map.of("tenant", "acme"));
    for (var action : ACTIONS) {
      assertEquals(allowed, allows(acme, action, table, key), action);
    }
  }

  @Test
  void allKeysOfARequestMustBelongToTheTenant() {
    var acme = session(Map.of("tenant", "acme"));
    assertEquals(true, allows(acme, "dynamodb:Query", "", "acme.0", "acme.1"));
    assertFalse(allows(acme, "dynamodb:Query", "", "acme.0", "globex.1"));
    assertFalse(allows(acme, "dynamodb:Query", ""));
    assertFalse(allows(acme, "dynamodb:Query", ".acme"));
    assertFalse(allows(acme, "dynamodb:Query", ".restored_0900"));
    assertFalse(allows(acme, "dynamodb:Query", ".restored-0900", "acme")); // can be a silo
  }

  @ParameterizedTest
  @ValueSource(strings = {".restored_", ".restored_0900", ".restored_0900/index/x"})
  void aTaggedSessionReadsItsItemsOfRestoredTables(String table) {
    var acme = session(Map.of("tenant", "acme"));
    assertEquals(true, allows(acme, "dynamodb:GetItem", table, "acme"));
    assertEquals(true, allows(acme, "dynamodb:Query", table, "acme.7"));
    assertFalse(allows(acme, "dynamodb:Query", table, "globex"));
    assertFalse(allows(acme, "dynamodb:PutItem", table, "acme"));
    assertFalse(allows(acme, "dynamodb:DeleteItem", table, "acme"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "dynamodb:Scan",
        "dynamodb:UpdateItem",
        "dynamodb:BatchGetItem",
        "dynamodb:PartiQLSelect",
        "dynamodb:ConditionCheckItem",
        "dynamodb:DescribeTable"
      })
  void noOtherActionIsAllowed(String action) {
    var acme = session(Map.of("tenant", "acme"));
    for (var table : ALL_TABLES) {
      assertFalse(allows(acme, action, table, "acme"), table);
    }
  }

  @Test
  void aSessionWithoutTheTagReachesNothing() {
    assertReachesNothing(session(Map.of()));
    assertReachesNothing(session(Map.of("Customer", "acme")));
  }

  /** STS rejects wildcards in tags, and the trust policy an empty tag; the policy denies both. */
  @ParameterizedTest
  @ValueSource(strings = {"", ".", "*", "acme*", "acm?", "?*", "${aws:userid}", "acme/index/by-i1"})
  void aTagThatIsNoTenantIdReachesNothing(String tag) {
    assertReachesNothing(session(Map.of("tenant", tag)));
  }

  private static void assertReachesNothing(IamPrincipal caller) {
    for (var action : ACTIONS) {
      for (var table : ALL_TABLES) {
        for (var key : List.of("acme", "acme.0", "globex", "globex.0")) {
          assertFalse(allows(caller, action, table, key), action + table + key);
        }
        assertFalse(allows(caller, action, table), action + table);
      }
    }
  }
}
