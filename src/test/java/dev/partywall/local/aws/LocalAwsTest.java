package dev.partywall.local.aws;

import static dev.partywall.local.aws.House.key;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.partywall.local.LocalDynamo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;

@ExtendWith(LocalDynamo.Shared.class)
class LocalAwsTest {
  private static final String ACME =
      """
      {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Resource": "*",
        "Action": ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query"],
        "Condition": {
          "ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["acme"]},
          "Null": {"dynamodb:LeadingKeys": "false"}}}}\
      """;

  @Test
  void aSessionReadsWhatItsPolicyNamesAndNothingElse(LocalDynamo dynamo) throws Exception {
    try (var house = new House(dynamo);
        var client = house.dynamo(house.narrowed(ACME))) {
      var own = client.getItem(g -> g.tableName(house.table).key(key("acme", "a")));
      assertEquals("acme", own.item().get("pk").s());
      var refused =
          assertThrows(
              DynamoDbException.class,
              () -> client.getItem(g -> g.tableName(house.table).key(key("globex", "a"))));
      assertEquals("AccessDeniedException", refused.awsErrorDetails().errorCode());
      assertEquals(400, refused.statusCode());
      assertEquals(
          "User: arn:aws:sts::123456789012:assumed-role/tinker/someone is not authorized to perform:"
              + " dynamodb:GetItem on resource: "
              + house.tableArn()
              + " because no session policy allows the dynamodb:GetItem action",
          refused.awsErrorDetails().errorMessage());
    }
  }
}
