package dev.partywall.local.aws;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.partywall.local.LocalDynamo;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class GlobalConditionKeysTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"StringEquals": {"aws:ResourceAccount": "123456789012"}}    | true
          {"StringEquals": {"aws:ResourceAccount": "999999999999"}}    | false
          {"StringNotEquals": {"aws:ResourceAccount": "123456789012"}} | false
          {"StringEquals": {"aws:RequestedRegion": "eu-central-1"}}    | true
          {"DateGreaterThan": {"aws:TokenIssueTime": "2026-01-01T00:00:00Z"}} | true
          {"DateLessThan": {"aws:TokenIssueTime": "2026-01-01T00:00:00Z"}} | false
          {"Null": {"aws:TokenIssueTime": "true"}}                     | false
          {"Bool": {"aws:ViaAWSService": "false"}}                     | true
          {"Bool": {"aws:PrincipalIsAWSService": "false"}}             | true
          {"Bool": {"aws:SecureTransport": "true"}}                    | false
          """)
  void everyRequestHasTheGlobalConditionKeys(String condition, boolean allowed, LocalDynamo dynamo)
      throws Exception {
    var policy =
        LocalAwsFixture.allowPolicy("dynamodb:*", "*")
            .replace("\"Action\"", "\"Condition\": " + condition + ", \"Action\"");
    try (var fixture = new LocalAwsFixture(dynamo);
        var client = fixture.dynamo(fixture.restrictedCredentials(policy))) {
      assertEquals(
          allowed,
          LocalAwsFixture.isAllowed(() ->
              client.getItem(
                  get -> get.tableName(fixture.table).key(LocalAwsFixture.key("acme", "a")))));
    }
  }
}
