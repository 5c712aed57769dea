package dev.partywall.local.aws;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.partywall.local.LocalDynamo;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;

/**
 * Correctly signed requests that the IAM enforcer and the engine might parse differently. A session
 * of acme sends them to reach items of globex.
 */
@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
@TestInstance(Lifecycle.PER_CLASS)
class PolicyBypassTest {
  private LocalAwsFixture fixture;
  private AwsSessionCredentials acme;

  @BeforeAll
  void open(LocalDynamo dynamo) throws Exception {
    fixture = new LocalAwsFixture(dynamo);
    acme =
        fixture.restrictedCredentials(
            """
            {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "dynamodb:*",
              "Resource": ["%1$s", "%1$s/index/*"], "Condition": {
                "ForAllValues:StringEquals": {"dynamodb:LeadingKeys": "acme"},
                "Null": {"dynamodb:LeadingKeys": "false"}}}}\
            """
                .formatted(fixture.tableArn()));
  }

  @AfterAll
  void close() {
    fixture.close();
  }

  private HttpResponse<String> send(String operation, String body) throws Exception {
    var text =
        body.replace('\'', '"').replace("TABLE", fixture.table).replace("ARN", fixture.tableArn());
    return RawAwsCall.dynamo(fixture.aws.endpoint(), operation, text).sign(acme).send();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          # duplicate or misspelt members, or members with two types
          GetItem | {'TableName':'TABLE','Key':{'pk':{'S':'acme'},'sk':{'S':'a'}},'Key':{'pk':{'S':'globex'},'sk':{'S':'a'}}}
          GetItem | {'TableName':'TABLE','Key':{'pk':{'S':'acme'},'pk':{'S':'globex'},'sk':{'S':'a'}}}
          GetItem | {'TableName':'TABLE','Key':{'pk':{'S':'acme','S':'globex'},'sk':{'S':'a'}}}
          GetItem | {'TableName':'TABLE','Key':{'pk':{'S':'acme','N':'1'},'sk':{'S':'a'}}}
          GetItem | {'TableName':'TABLE','Key':{'pk':{'S':'acme','s':'globex'},'sk':{'S':'a'}}}
          GetItem | {'TableName':'TABLE','Key':{'pk':{'s':'acme'},'sk':{'S':'a'}}}
          GetItem | {'TableName':'TABLE','Key':{'pk':{'S':'acme'},'sk':{'S':'a'}},'key':{'pk':{'S':'globex'},'sk':{'S':'a'}}}
          GetItem | {'TableName':'TABLE','tableName':'other','Key':{'pk':{'S':'acme'},'sk':{'S':'a'}}}
          GetItem | {'TableName':'TABLE','Key':{'pk':{'S':'acme'},'sk':{'S':'a'}}} {'TableName':'TABLE'}
          GetItem | {'TableName':'TABLE','Key':{'PK':{'S':'acme'},'sk':{'S':'a'}}}
          GetItem | {'TableName':'TABLE','Key':{'pk':{'SS':['acme']},'sk':{'S':'a'}}}
          GetItem | {'TableName':'TABLE','Key':{'pk':{'S':['acme']},'sk':{'S':'a'}}}
          GetItem | {'TableName':'TABLE','Key':[{'pk':{'S':'acme'}}]}
          GetItem | {'TableName':'TABLE'}
          GetItem | {'TableName':['TABLE'],'Key':{'pk':{'S':'acme'},'sk':{'S':'a'}}}
          GetItem | {'TableName':'../TABLE','Key':{'pk':{'S':'acme'},'sk':{'S':'a'}}}
          GetItem | {'TableName':'TABLE/index/by-owner','Key':{'pk':{'S':'acme'},'sk':{'S':'a'}}}
          GetItem | [{'TableName':'TABLE'}]
          GetItem | null
          GetItem | ``
          # attribute names behind placeholders
          Query | {'TableName':'TABLE','KeyConditionExpression':'#p=:p','ExpressionAttributeNames':{'#p':'pk','#p':'sk'},'ExpressionAttributeValues':{':p':{'S':'acme'}}}
          Query | {'TableName':'TABLE','KeyConditionExpression':'#p=:p','ExpressionAttributeNames':{'#p':'sk'},'ExpressionAttributeValues':{':p':{'S':'acme'}}}
          Query | {'TableName':'TABLE','KeyConditionExpression':'#p=:p','ExpressionAttributeValues':{':p':{'S':'acme'}}}
          Query | {'TableName':'TABLE','KeyConditionExpression':'pk=:p','ExpressionAttributeValues':{':P':{'S':'acme'}}}
          Query | {'TableName':'TABLE','KeyConditionExpression':'pk=:p AND pk=:q','ExpressionAttributeValues':{':p':{'S':'acme'},':q':{'S':'globex'}}}
          Query | {'TableName':'TABLE','KeyConditionExpression':'pk=:p OR pk=:q','ExpressionAttributeValues':{':p':{'S':'acme'},':q':{'S':'globex'}}}
          Query | {'TableName':'TABLE','KeyConditionExpression':':q=pk=:p','ExpressionAttributeValues':{':p':{'S':'acme'},':q':{'S':'globex'}}}
          Query | {'TableName':'TABLE','KeyConditionExpression':'NOT pk=:p','ExpressionAttributeValues':{':p':{'S':'acme'}}}
          Query | {'TableName':'TABLE','KeyConditionExpression':'pk<>:p','ExpressionAttributeValues':{':p':{'S':'acme'}}}
          Query | {'TableName':'TABLE','KeyConditionExpression':'begins_with(pk,:p)','ExpressionAttributeValues':{':p':{'S':'acme'}}}
          Query | {'TableName':'TABLE','KeyConditionExpression':'size(pk)=:p','ExpressionAttributeValues':{':p':{'S':'acme'}}}
          Query | {'TableName':'TABLE','KeyConditionExpression':'sk BETWEEN :p AND pk=:p','ExpressionAttributeValues':{':p':{'S':'acme'},':q':{'S':'z'}}}
          Query | {'TableName':'TABLE','KeyConditionExpression':'pk=:p','KeyConditions':{'pk':{'ComparisonOperator':'EQ','AttributeValueList':[{'S':'globex'}]}},'ExpressionAttributeValues':{':p':{'S':'acme'}}}
          Query | {'TableName':'TABLE','KeyConditions':{'pk':{'ComparisonOperator':'EQ','AttributeValueList':[{'S':'globex'}]}}}
          Query | {'TableName':'TABLE','KeyConditions':{'pk':{'ComparisonOperator':'GE','AttributeValueList':[{'S':'acme'}]}}}
          Query | {'TableName':'TABLE','KeyConditions':{'pk':{'ComparisonOperator':'EQ','AttributeValueList':[{'S':'acme'},{'S':'globex'}]}}}
          Query | {'TableName':'TABLE','IndexName':'by-owner','KeyConditionExpression':'pk=:p','ExpressionAttributeValues':{':p':{'S':'acme'}}}
          Query | {'TableName':'TABLE','IndexName':'','KeyConditionExpression':'pk=:p','ExpressionAttributeValues':{':p':{'S':'acme'}}}
          Query | {'TableName':'TABLE','IndexName':null,'KeyConditionExpression':'pk=:p','ExpressionAttributeValues':{':p':{'S':'acme'}}}
          Query | {'TableName':'TABLE'}
          Query | {'TableName':'TABLE','KeyConditionExpression':['pk=:p'],'ExpressionAttributeValues':{':p':{'S':'acme'}}}
          Query | {'TableName':'TABLE','Select':null,'KeyConditionExpression':'pk=:p','ExpressionAttributeValues':{':p':{'S':'acme'}}}
          Query | {'TableName':'TABLE','Select':['COUNT'],'KeyConditionExpression':'pk=:p','ExpressionAttributeValues':{':p':{'S':'acme'}}}
          # one foreign item among several, or no item
          BatchGetItem | {'RequestItems':{'TABLE':{'Keys':[{'pk':{'S':'acme'},'sk':{'S':'a'}},{'pk':{'S':'globex'},'sk':{'S':'a'}}]}}}
          BatchGetItem | {'RequestItems':{'TABLE':{'Keys':[]}}}
          BatchGetItem | {'RequestItems':{}}
          BatchGetItem | {'RequestItems':{'TABLE':{'Keys':[{'pk':{'S':'acme'},'sk':{'S':'a'}}]},'ARN':{'Keys':[{'pk':{'S':'globex'},'sk':{'S':'a'}}]}}}
          BatchWriteItem | {'RequestItems':{'TABLE':[{'PutRequest':{'Item':{'pk':{'S':'acme'},'sk':{'S':'a'}}},'DeleteRequest':{'Key':{'pk':{'S':'globex'},'sk':{'S':'a'}}}}]}}
          BatchWriteItem | {'RequestItems':{'TABLE':[{'PutRequest':{'Key':{'pk':{'S':'acme'}},'Item':{'pk':{'S':'globex'},'sk':{'S':'a'}}}}]}}
          TransactWriteItems | {'TransactItems':[{'Put':{'TableName':'TABLE','Item':{'pk':{'S':'acme'},'sk':{'S':'a'}}},'Delete':{'TableName':'TABLE','Key':{'pk':{'S':'globex'},'sk':{'S':'a'}}}}]}
          TransactWriteItems | {'TransactItems':[{'Put':{'TableName':'TABLE','Key':{'pk':{'S':'acme'},'sk':{'S':'a'}},'Item':{'pk':{'S':'globex'},'sk':{'S':'a'}}}}]}
          TransactWriteItems | {'TransactItems':[{'Upsert':{'TableName':'TABLE','Item':{'pk':{'S':'acme'},'sk':{'S':'a'}}}}]}
          TransactGetItems | {'TransactItems':[]}
          # statements
          ExecuteStatement | {'Statement':'SELECT * FROM TABLE WHERE pk=`acme`'}
          ExecuteStatement | {'Statement':'SELECT * FROM \\"TABLE\\" WHERE pk=?','Parameters':[{'S':'globex'}]}
          ExecuteStatement | {'Statement':'SELECT * FROM \\"TABLE\\" WHERE sk=? AND pk=?','Parameters':[{'S':'acme'},{'S':'globex'}]}
          ExecuteStatement | {'Statement':'SELECT * FROM \\"TABLE\\" -- WHERE pk=?','Parameters':[{'S':'acme'}]}
          ExecuteStatement | {'Statement':'SELECT * FROM \\"TABLE\\" /* */ WHERE pk=?','Parameters':[{'S':'acme'}]}
          ExecuteStatement | {'Statement':'SELECT * FROM \\"TABLE\\" WHERE pk=? AND EXISTS(SELECT * FROM \\"other\\")','Parameters':[{'S':'acme'}]}
          ExecuteStatement | {'Statement':'SELECT * FROM \\"TABLE\\" WHERE pk BETWEEN ? AND sk=?','Parameters':[{'S':'a'},{'S':'acme'}]}
          ExecuteStatement | {'Statement':'SELECT * FROM \\"TABLE\\" WHERE PK=?','Parameters':[{'S':'acme'}]}
          ExecuteStatement | {'Statement':'SELECT * FROM \\"TABLE\\" WHERE pk.a=?','Parameters':[{'S':'acme'}]}
          ExecuteStatement | {'Statement':'SELECT * FROM \\"TABLE\\" WHERE pk>=?','Parameters':[{'S':'acme'}]}
          ExecuteStatement | {'Statement':'SELECT * FROM \\"TABLE\\" WHERE pk=? AND pk=?','Parameters':[{'S':'acme'},{'S':'globex'}]}
          ExecuteStatement | {'Statement':'SELECT * FROM \\"TABLE\\" WHERE (pk=? OR true)','Parameters':[{'S':'acme'}]}
          ExecuteStatement | {'Statement':'SELECT * FROM \\"TABLE\\" AS t WHERE pk=?','Parameters':[{'S':'acme'}]}
          ExecuteStatement | {'Statement':'SELECT * FROM \\"TABLE\\", \\"other\\" WHERE pk=?','Parameters':[{'S':'acme'}]}
          ExecuteStatement | {'Statement':'DELETE FROM \\"TABLE\\" WHERE pk=? OR pk=?','Parameters':[{'S':'acme'},{'S':'globex'}]}
          ExecuteStatement | {'Statement':'UPDATE \\"TABLE\\" SET pk=? WHERE sk=?','Parameters':[{'S':'acme'},{'S':'a'}]}
          ExecuteStatement | {'Statement':'DROP TABLE \\"TABLE\\"'}
          ExecuteStatement | {}
          # unsupported operations
          ExportTableToPointInTime | {'TableName':'TABLE'}
          getItem | {'TableName':'TABLE','Key':{'pk':{'S':'acme'},'sk':{'S':'a'}}}
          """)
  void isRejectedBeforeItReachesTheEngine(String operation, String body) throws Exception {
    var forwarded = fixture.aws.recorder().forwardedCount();
    assertEquals(400, send(operation, body == null ? "" : body).statusCode());
    assertEquals(forwarded, fixture.aws.recorder().forwardedCount());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/plain",
        "application/json",
        "application/x-amz-json-1.1",
        "application/x-amz-json-1.0; charset=utf-16",
        "application/x-www-form-urlencoded",
      })
  void acceptsOnlyOneContentType(String type) throws Exception {
    var body = "{\"TableName\":\"" + fixture.table + "\"}";
    var call = RawAwsCall.dynamo(fixture.aws.endpoint(), "DescribeTable", body);
    assertEquals(400, call.withHeader("Content-Type", type).sign(acme).send().statusCode());
  }

  @Test
  void acceptsTheArnOfATableButNoOtherArn() throws Exception {
    var key = "'Key':{'pk':{'S':'acme'},'sk':{'S':'a'}}}";
    assertEquals(200, send("GetItem", "{'TableName':'ARN'," + key).statusCode());
    var elsewhere = fixture.tableArn().replace(LocalAwsFixture.REGION, "us-east-1");
    assertEquals(400, send("GetItem", "{'TableName':'" + elsewhere + "'," + key).statusCode());
    var foreign = "'Key':{'pk':{'S':'globex'},'sk':{'S':'a'}}}";
    assertEquals(
        "AccessDeniedException",
        RawAwsCall.errorType(send("GetItem", "{'TableName':'ARN'," + foreign)));
  }

  @Test
  void legacyKeyConditionsProvideTheLeadingKey() throws Exception {
    var own = "{'pk':{'ComparisonOperator':'EQ','AttributeValueList':[{'S':'acme'}]}}";
    assertEquals(
        200, send("Query", "{'TableName':'TABLE','KeyConditions':" + own + "}").statusCode());
  }

  @Test
  void limitsDepthAndSize() throws Exception {
    var deep = "{'TableName':" + "[".repeat(5_000) + "]".repeat(5_000) + "}";
    assertEquals("SerializationException", RawAwsCall.errorType(send("GetItem", deep)));
    var huge = "{'TableName':'" + "x".repeat(17 * 1024 * 1024) + "'}";
    assertEquals(413, send("GetItem", huge).statusCode());
  }
}
