package dev.partywall.local.aws.iam;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyEvaluationTest {
  private static final String TABLE = "arn:aws:dynamodb:eu-central-1:1:table/orders";
  private static final String ALL = "{'Effect':'Allow','Action':'*','Resource':'*'}";

  @ParameterizedTest(name = "{0}: {1} on {2} is {3}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          'Action':'d:GetItem','Resource':'*'           | d:GetItem   | arn:t | true
          'Action':'d:GetItem','Resource':'*'           | d:GetItems  | arn:t | false
          'Action':'D:getitem','Resource':'*'           | d:GetItem   | arn:t | true
          'Action':'D:*','Resource':'*'                 | d:GetItem   | arn:t | true
          'Action':'d GetItem','Resource':'*'           | d:GetItem   | arn:t | bad
          'Action':'d:getitem','Resource':'*'           | d:GetItem   | arn:t | true
          'Action':'d:Get*','Resource':'*'              | d:GetItem   | arn:t | true
          'Action':'d:?etItem','Resource':'*'           | d:GetItem   | arn:t | true
          'Action':'d:*','Resource':'*'                 | e:GetItem   | arn:t | false
          'Action':'*','Resource':'*'                   | e:GetItem   | arn:t | true
          'Action':['d:A','d:B'],'Resource':'*'         | d:B         | arn:t | true
          'NotAction':'d:A','Resource':'*'              | d:A         | arn:t | false
          'NotAction':'d:A','Resource':'*'              | e:Anything  | arn:t | true
          'NotAction':['d:A','d:B*'],'Resource':'*'     | d:BC        | arn:t | false
          'Action':'*','Resource':'arn:t'               | d:A         | arn:t | true
          'Action':'*','Resource':'arn:t'               | d:A         | arn:T | false
          'Action':'*','Resource':'arn:t*'              | d:A         | arn:t:u/v | true
          'Action':'*','Resource':'arn:t/index/*'       | d:A         | arn:t | false
          'Action':'*','Resource':'arn:t'               | d:A         | arn:t/index/i | false
          'Action':'*','Resource':'arn:*:u'             | d:A         | arn:s:t:u | true
          'Action':'*','Resource':'arn:?'               | d:A         | arn:tt | false
          'Action':'*','NotResource':'arn:t'            | d:A         | arn:t | false
          'Action':'*','NotResource':'arn:t'            | d:A         | arn:t/index/i | true
          'Action':'*','Resource':'arn:${aws:PrincipalTag/team}'    | d:A | arn:red | true
          'Action':'*','Resource':'arn:${aws:PrincipalTag/none}'    | d:A | arn: | false
          'Action':'*','NotResource':'arn:${aws:PrincipalTag/none}' | d:A | arn:t | false
          'Action':'*','Resource':'arn:${*}'            | d:A         | arn:t | false
          """)
  void matchesActionsAndResources(String names, String action, String resource, String expected) {
    var statement = "{'Effect':'Allow'," + names + "}";
    assertEquals(expected, outcome(statement, action, resource));
  }

  private static String outcome(String statement, String action, String resource) {
    try {
      return String.valueOf(
          identity(statement).evaluate(action, resource, RequestContext.EMPTY).allowed());
    } catch (MalformedPolicyException e) {
      return "bad";
    }
  }

  @Test
  void deniesActionsThatNoStatementAllows() {
    var verdict =
        identity("{'Effect':'Allow','Action':'x:A','Resource':'*'}")
            .evaluate("dynamodb:Scan", TABLE, RequestContext.EMPTY);
    assertEquals(
        "because no identity-based policy allows the dynamodb:Scan action", verdict.reason());
  }

  @Test
  void aDenyOverridesEveryAllow() {
    var verdict =
        identity("[" + ALL + ",{'Effect':'Deny','Action':'dynamodb:Scan','Resource':'*'}]")
            .evaluate("dynamodb:Scan", TABLE, RequestContext.EMPTY);
    assertEquals("with an explicit deny in an identity-based policy", verdict.reason());
  }

  @Test
  void aSessionPolicyOnlyRestricts() {
    var broadSession =
        session("{'Effect':'Allow','Action':'dynamodb:GetItem','Resource':'*'}", ALL);
    assertTrue(broadSession.evaluate("dynamodb:GetItem", TABLE, RequestContext.EMPTY).allowed());
    assertEquals(
        "because no identity-based policy allows the dynamodb:Scan action",
        broadSession.evaluate("dynamodb:Scan", TABLE, RequestContext.EMPTY).reason());
    var narrowSession =
        session(ALL, "{'Effect':'Allow','Action':'dynamodb:GetItem','Resource':'*'}");
    assertEquals(
        "because no session policy allows the dynamodb:Scan action",
        narrowSession.evaluate("dynamodb:Scan", TABLE, RequestContext.EMPTY).reason());
    var denied = session(ALL, "[" + ALL + ",{'Effect':'Deny','Action':'*','Resource':'*'}]");
    assertEquals(
        "with an explicit deny in a session policy",
        denied.evaluate("dynamodb:Scan", TABLE, RequestContext.EMPTY).reason());
  }

  @Test
  void anUndecidableDenyDenies() {
    var caller =
        identity(
            "["
                + ALL
                + ",{'Effect':'Deny','Action':'*','Resource':'*','Condition':{"
                + "'StringEquals':{'x:k':'${aws:PrincipalTag/none}'}}}]");
    assertFalse(caller.evaluate("x:A", TABLE, RequestContext.EMPTY.with("x:k", "a")).allowed());
    assertTrue(caller.evaluate("x:A", TABLE, RequestContext.EMPTY).allowed());
  }

  @Test
  void aDenyAppliesIfOneOfSeveralValuesMatches() {
    var caller =
        identity(
            "["
                + ALL
                + ",{'Effect':'Deny','Action':'*','Resource':'*','Condition':{"
                + "'StringEquals':{'x:k':'a'}}}]");
    assertFalse(caller.evaluate("x:A", TABLE, IamConditionTest.context("x:k=a,b")).allowed());
  }

  @Test
  void variablesAreLiteralsBeforeVersion2012() {
    var old =
        IamPolicy.of(
            "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"arn:${aws:PrincipalTag/team}\"}}");
    var caller = caller(List.of(old), Optional.empty());
    assertFalse(caller.evaluate("x:A", "arn:red", RequestContext.EMPTY).allowed());
    assertTrue(
        caller.evaluate("x:A", "arn:${aws:PrincipalTag/team}", RequestContext.EMPTY).allowed());
  }

  @Test
  void principalKeysOverrideRequestKeys() {
    var caller =
        identity(
            "{'Effect':'Allow','Action':'*','Resource':'*','Condition':{"
                + "'StringEquals':{'aws:PrincipalTag/team':'blue'}}}");
    var forged = RequestContext.EMPTY.with("aws:PrincipalTag/team", "blue");
    assertFalse(caller.evaluate("x:A", TABLE, forged).allowed());
  }

  static IamPrincipal identity(String statement) {
    return caller(List.of(policy(statement)), Optional.empty());
  }

  private static IamPrincipal session(String identity, String session) {
    return caller(List.of(policy(identity)), Optional.of(policy(session)));
  }

  static IamPolicy policy(String statement) {
    return IamPolicy.of(
        "{\"Version\":\"2012-10-17\",\"Statement\":" + statement.replace('\'', '"') + "}");
  }

  private static IamPrincipal caller(List<IamPolicy> policies, Optional<IamPolicy> session) {
    return new IamPrincipal(
        "arn:aws:sts::1:assumed-role/r/s",
        "arn:aws:iam::1:role/r",
        "AROA1:s",
        Map.of("team", "red"),
        policies,
        session,
        Optional.empty());
  }
}
