package dev.partywall.local.aws.iam;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyReaderTest {
  private static final String OK = "\"Effect\":\"Allow\",\"Action\":\"x:A\",\"Resource\":\"*\"";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "\"policy\"",
        "{}",
        "{%s}",
        "{'Statement':[]}",
        "{'Statement':null}",
        "{'Statement':{}}",
        "{'Statement':{%s}} {}",
        "{'Statement':{%s},'Statement':{%s}}",
        "{'Statement':{%s},'statement':{%s}}",
        "{'Version':'2013-01-01','Statement':{%s}}",
        "{'Statement':[{'Sid':'a',%s},{'Sid':'a',%s}]}",
        "{'Statement':{'Sid':'a b',%s}}",
        "{'Statement':{'Sid':1,%s}}",
        "{'Statement':{%s,'Principal':'*'}}",
        "{'Statement':{%s,'NotPrincipal':'*'}}",
        "{'Statement':{%s,'Effect':'Deny'}}",
        "{'Statement':{%s,'NotAction':'x:A'}}",
        "{'Statement':{%s,'NotResource':'*'}}",
        "{'Statement':{%s,'Unless':'*'}}",
        "{'Statement':{'Effect':'allow','Action':'x:A','Resource':'*'}}",
        "{'Statement':{'Effect':'Allow','Action':[],'Resource':'*'}}",
        "{'Statement':{'Effect':'Allow','Action':'A','Resource':'*'}}",
        "{'Statement':{'Effect':'Allow','Action':1,'Resource':'*'}}",
        "{'Statement':{'Effect':'Allow','Action':'x:A','Resource':'t'}}",
        "{'Statement':{'Effect':'Allow','Action':'x:A','Resource':[null]}}",
        "{'Statement':{'Effect':'Allow','Action':'x:A'}}",
        "{'Statement':{'Effect':'Allow','Resource':'*'}}",
        "{'Statement':{'Action':'x:A','Resource':'*'}}",
        "{'Statement':{%s,'Condition':{}}}",
        "{'Statement':{%s,'Condition':[]}}",
        "{'Statement':{%s,'Condition':{'StringEquals':{}}}}",
        "{'Statement':{%s,'Condition':{'StringEquals':{'x:k':[]}}}}",
        "{'Statement':{%s,'Condition':{'StringEquals':{'x:k':null}}}}",
        "{'Statement':{%s,'Condition':{'StringEquals':{'x:k':{}}}}}",
        "{'Statement':{%s,'Condition':{'StringEquals':{'k':'a'}}}}",
        "{'Statement':{%s,'Condition':{'stringequals':{'x:k':'a'}}}}",
        "{'Statement':{%s,'Condition':{'StringMatches':{'x:k':'a'}}}}",
        "{'Statement':{%s,'Condition':{'BinaryEquals':{'x:k':'YQ=='}}}}",
        "{'Statement':{%s,'Condition':{'ForSomeValues:StringEquals':{'x:k':'a'}}}}",
        "{'Statement':{%s,'Condition':{'StringEqualsIfexists':{'x:k':'a'}}}}",
        "{'Statement':{%s,'Condition':{'NullIfExists':{'x:k':'true'}}}}",
        "{'Statement':{%s,'Condition':{'ForAllValues:Null':{'x:k':'true'}}}}",
        "{'Statement':{%s,'Condition':{'Null':{'x:k':'maybe'}}}}",
        "{'Statement':{%s,'Condition':{'Null':{'x:k':['true','false']}}}}",
        "{'Statement':{%s,'Condition':{'Bool':{'x:k':'maybe'}}}}",
        "{'Statement':{%s,'Condition':{'NumericEquals':{'x:k':'one'}}}}",
        "{'Statement':{%s,'Condition':{'DateEquals':{'x:k':'today'}}}}",
        "{'Statement':{%s,'Condition':{'ArnLike':{'x:k':'arn:aws:*:role/ab'}}}}",
        "{'Statement':{%s,'Condition':{'IpAddress':{'x:k':'10.0.0.0/33'}}}}",
        "{'Version':'2012-10-17','Statement':{%s,'Condition':{'StringEquals':{'x:k':'${aws:userid'}}}}",
        "{'Version':'2012-10-17','Statement':{%s,'Condition':{'StringEquals':{'x:k':'${}'}}}}",
        "{'Version':'2012-10-17','Statement':{%s,'Condition':{'StringEquals':{'x:k':'${a b}'}}}}",
        "{'Version':'2012-10-17','Statement':{%s,'Condition':{'NumericEquals':{'x:k':'${x:n}'}}}}",
      })
  void rejectsInvalidPoliciesAtLoadTime(String policy) {
    var json = policy.replace('\'', '"').replace("%s", OK);
    assertThrows(MalformedPolicyException.class, () -> IamPolicy.of(json));
  }

  @Test
  void acceptsAnIdAndLists() {
    assertDoesNotThrow(() ->
        IamPolicy.of(
            """
            {"Version":"2012-10-17","Id":"p","Statement":[
              {"Sid":"A1","Effect":"Deny","NotAction":["x:A","y:*"],"NotResource":["arn:a"],
               "Condition":{"Null":{"x:k":["true"]},"Bool":{"x:b":true}}}]}\
            """));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'Statement':{'Effect':'Allow','Action':'sts:AssumeRole'}}",
        "{'Statement':{'Effect':'Allow','Action':'sts:AssumeRole','Principal':{'AWS':'*'},'Resource':'*'}}",
        "{'Statement':{'Effect':'Allow','Action':'sts:AssumeRole','NotPrincipal':{'AWS':'1'}}}",
        "{'Statement':{'Effect':'Allow','Action':'sts:AssumeRole','Principal':{'CanonicalUser':'1'}}}",
        "{'Statement':{'Effect':'Allow','Action':'sts:AssumeRole','Principal':'1'}}",
      })
  void aTrustPolicyNeedsPrincipalsAndNoResources(String policy) {
    assertThrows(MalformedPolicyException.class, () -> IamPolicy.trust(policy.replace('\'', '"')));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'*'",
        "{'AWS':'*'}",
        "{'AWS':'123456789012'}",
        "{'AWS':['arn:aws:iam::1:user/x','arn:aws:iam::123456789012:root']}",
        "{'AWS':'arn:aws:iam::123456789012:role/service'}",
        "{'AWS':'arn:aws:sts::123456789012:assumed-role/service/one'}",
      })
  void trustsACallerByItsArnItsRoleOrItsAccount(String principal) {
    assertTrue(trusts(principal));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'AWS':'123456789013'}",
        "{'AWS':'arn:aws:iam::123456789012:role/serv*'}",
        "{'AWS':'arn:aws:iam::123456789012:role/Service'}",
        "{'AWS':'arn:aws:iam::123456789012:user/service'}",
        "{'AWS':'arn:aws:sts::123456789012:assumed-role/service/two'}",
        "{'Service':'ecs-tasks.amazonaws.com'}",
        "{'Service':'*'}",
        "{'Federated':'*'}",
      })
  void trustsNoOtherCaller(String principal) {
    assertFalse(trusts(principal));
  }

  private static boolean trusts(String principal) {
    var trust =
        IamPolicy.trust(
            "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"sts:AssumeRole\",\"Principal\":"
                + principal.replace('\'', '"')
                + "}}");
    var caller =
        new IamPrincipal(
            "arn:aws:sts::123456789012:assumed-role/service/one",
            "arn:aws:iam::123456789012:role/service",
            "AROA1:one",
            Map.of(),
            List.of(),
            Optional.empty(),
            Optional.empty());
    return caller.isTrusted(
        trust, "sts:AssumeRole", "arn:aws:iam::123456789012:role/r", RequestContext.EMPTY);
  }
}
