package dev.partywall.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.error.AwsErrorCodes;
import dev.partywall.local.LocalDynamo;
import dev.partywall.observability.log.SuiteLog;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.ResourceInUseException;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/** Tests the client that the service builds, with error responses of DynamoDB. */
@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class ErrorMappingDynamoTest {
  private static final Map<String, AttributeValue> KEY =
      Map.of("pk", AttributeValue.fromS("acme"), "sk", AttributeValue.fromS("thing#1"));

  private final FaultInjectingClient proxy;
  private final DynamoDbClient client;

  ErrorMappingDynamoTest(LocalDynamo dynamo) throws IOException {
    proxy = new FaultInjectingClient(dynamo);
    client = proxy.client();
  }

  @AfterEach
  void close() throws IOException {
    client.close();
    proxy.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "AccessDeniedException",
        "ExpiredTokenException",
        "IncompleteSignatureException",
        "InvalidSignatureException",
        "MissingAuthenticationTokenException",
        "UnrecognizedClientException",
      })
  void logsAndReportsEachDenialOnce(String code) throws Exception {
    proxy.handleWith(FaultInjectingClient.replyWithError(400, code));
    var table = "denied-" + code;
    assertUnavailable(() -> client.getItem(get -> get.tableName(table).key(KEY)));
    assertEquals(List.of("GetItem on " + table), proxy.denials());
    var message = "DynamoDB denied GetItem on %s for tenant none: %s".formatted(table, code);
    assertEquals(1, SuiteLog.errorLines().stream().filter(line -> line.contains(message)).count());
  }

  /** The service's operations. */
  private List<Executable> operations() {
    return List.of(
        () -> client.createTable(create -> create.tableName("a")),
        () -> client.deleteItem(delete -> delete.tableName("b").key(KEY)),
        () -> client.describeTable(describe -> describe.tableName("c")),
        () -> client.describeTimeToLive(describe -> describe.tableName("d")),
        () -> client.getItem(get -> get.tableName("e").key(KEY)),
        () -> client.putItem(put -> put.tableName("f").item(KEY)),
        () -> client.queryPaginator(query -> query.tableName("g")).items().stream().toList(),
        () -> client.transactWriteItems(write -> write.transactItems(writes("h", "i"))),
        () -> client.updateItem(update -> update.tableName("j").key(KEY)),
        () -> client.updateTimeToLive(update -> update.tableName("k")),
        () -> client.describeContinuousBackups(describe -> describe.tableName("l")),
        () -> client.updateContinuousBackups(update -> update.tableName("m")),
        () -> client.updateTable(update -> update.tableName("n")));
  }

  private static List<TransactWriteItem> writes(String first, String second) {
    return List.of(
        TransactWriteItem.builder().put(put -> put.tableName(first).item(KEY)).build(),
        TransactWriteItem.builder().delete(delete -> delete.tableName(first).key(KEY)).build(),
        TransactWriteItem.builder().update(update -> update.tableName(second).key(KEY)).build());
  }

  @Test
  void namesOperationAndTableOfEveryDeniedOperation() {
    proxy.handleWith(FaultInjectingClient.replyWithError(400, "AccessDeniedException"));
    operations().forEach(ErrorMappingDynamoTest::assertUnavailable);
    assertEquals(
        List.of(
            "CreateTable on a",
            "DeleteItem on b",
            "DescribeTable on c",
            "DescribeTimeToLive on d",
            "GetItem on e",
            "PutItem on f",
            "Query on g",
            "TransactWriteItems on h, i",
            "UpdateItem on j",
            "UpdateTimeToLive on k",
            "DescribeContinuousBackups on l",
            "UpdateContinuousBackups on m",
            "UpdateTable on n"),
        proxy.denials());
  }

  @Test
  void mapsAnOutageDuringEveryOperation() throws IOException {
    proxy.close();
    operations().forEach(ErrorMappingDynamoTest::assertUnavailable);
    assertEquals(List.of(), proxy.denials());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"SerializationException", "UnknownOperationException", "ValidationException"})
  void rethrowsErrorsCausedByABug(String code) {
    proxy.handleWith(FaultInjectingClient.replyWithError(400, code));
    for (var operation : operations()) {
      assertEquals(code, AwsErrorCodes.codeOf(assertThrows(DynamoDbException.class, operation)));
    }
    assertEquals(List.of(), proxy.denials());
  }

  @Test
  void rethrowsAnExceptionOnlyToACallThatHasItAsAResult() {
    proxy.handleWith(replyWithError("ConditionalCheckFailedException"));
    assertThrows(
        ConditionalCheckFailedException.class,
        () ->
            client.putItem(put ->
                put.tableName("a").item(KEY).conditionExpression("attribute_not_exists(pk)")));
    assertUnavailable(() -> client.putItem(put -> put.tableName("a").item(KEY)));
    proxy.handleWith(replyWithError("ResourceInUseException"));
    assertThrows(
        ResourceInUseException.class, () -> client.createTable(create -> create.tableName("a")));
    assertUnavailable(() -> client.describeTable(describe -> describe.tableName("a")));
  }

  @ParameterizedTest
  @CsvSource({
    "true, ConditionalCheckFailed None",
    "true, None ValidationError",
    "false, ''",
    "false, ConditionalCheckFailed",
    "false, ConditionalCheckFailed None None",
    "false, None None",
    "false, None ErrorOfALaterRelease",
    "false, None ItemCollectionSizeLimitExceeded",
    "false, TransactionConflict None",
  })
  void rethrowsACancelledTransactionOnlyWithAResultForEachWrite(boolean isResult, String codes) {
    proxy.handleWith(FaultInjectingClient.replyWith(400, cancelled(codes)));
    Executable write =
        () -> client.transactWriteItems(call -> call.transactItems(writes("a", "b").subList(0, 2)));
    if (isResult) {
      assertThrows(TransactionCanceledException.class, write);
    } else {
      assertUnavailable(write);
    }
  }

  private static String cancelled(String codes) {
    var reasons =
        Stream.of(codes.split(" "))
            .filter(code -> !code.isEmpty())
            .map("{\"Code\":\"%s\"}"::formatted)
            .collect(Collectors.joining(","));
    return """
    {"__type":"com.amazonaws.dynamodb.v20120810#TransactionCanceledException","Message":"no",\
    "CancellationReasons":[%s]}\
    """
        .formatted(reasons);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ConditionalCheckFailedException",
        "ErrorOfALaterRelease",
        "IdempotentParameterMismatchException",
        "ItemCollectionSizeLimitExceededException",
        "KMSAccessDeniedException",
        "LimitExceededException",
        "ReplicatedWriteConflictException",
        "RequestExpired",
        "TransactionConflictException",
        "TransactionInProgressException",
      })
  void mapsEveryOtherErrorOfEveryOperationToUnavailable(String code) {
    proxy.handleWith(FaultInjectingClient.replyWithError(400, code));
    operations().forEach(ErrorMappingDynamoTest::assertUnavailable);
    assertEquals(List.of(), proxy.denials());
  }

  /** Any member of a response is optional for the SDK. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "{\"Item\":{},\"Items\":[],\"Count\":0,\"ScannedCount\":0,\"Table\":{}}",
        "{\"ConsumedCapacity\":{\"TableName\":\"a\"}}",
        "{\"ConsumedCapacity\":[{\"TableName\":\"a\"}]}",
        "{\"Item\":[1],\"Items\":\"x\",\"Count\":\"a\",\"LastEvaluatedKey\":5,\"Table\":\"x\"}",
        "{\"ConsumedCapacity\":{\"CapacityUnits\":\"x\"}}",
        "{\"ConsumedCapacity\":\"x\",\"Table\":[],\"TimeToLiveDescription\":1}",
        "{\"Item\":",
        "<html>sign in</html>",
      })
  void mapsAnIncompleteResponseOfEveryOperationToUnavailable(String body) {
    proxy.handleWith(FaultInjectingClient.replyWith(200, body));
    operations().forEach(ErrorMappingDynamoTest::assertUnavailable);
  }

  @Test
  void mapsALargerCountThanItemsToUnavailable() {
    proxy.handleWith(
        FaultInjectingClient.replyWith(
            200,
            """
            {"Count":1,"ScannedCount":1,"Items":[],"ConsumedCapacity":{"CapacityUnits":0.5}}\
            """));
    assertUnavailable(() -> client.query(query -> query.tableName("a")));
  }

  @Test
  void repeatsACallWithAnIncompleteResponse() {
    proxy.handleWith(FaultInjectingClient.replyWith(200, "{}"));
    assertUnavailable(() -> client.getItem(get -> get.tableName("a").key(KEY)));
    assertEquals(List.of("GetItem", "GetItem", "GetItem"), proxy.calls());
  }

  @Test
  void reportsAMissingTableOnlyToTheCallThatAsksForIt() {
    proxy.handleWith(FaultInjectingClient.replyWithError(400, "ResourceNotFoundException"));
    assertThrows(
        ResourceNotFoundException.class,
        () -> client.describeTable(describe -> describe.tableName("a")));
    assertUnavailable(() -> client.getItem(get -> get.tableName("a").key(KEY)));
  }

  /** Responses of proxies have no error code. */
  @ParameterizedTest
  @ValueSource(ints = {301, 302, 304, 400, 401, 403, 404, 407, 413, 429})
  void mapsAnErrorWithoutACodeToUnavailableAndLogsIt(int status) throws InterruptedException {
    proxy.handleWith(FaultInjectingClient.replyWith(status, "<html><body>no</body></html>"));
    var table = "proxy-" + status;
    assertUnavailable(() -> client.getItem(get -> get.tableName(table).key(KEY)));
    if (status != 429) { // throttling, which is no surprise
      var message =
          "DynamoDB failed unexpectedly at GetItem on %s: no error code (HTTP status %d)"
              .formatted(table, status);
      assertEquals(
          1, SuiteLog.errorLines().stream().filter(line -> line.contains(message)).count());
    }
  }

  @Test
  void supportsNoOtherOperation() {
    assertThrows(
        UnsupportedOperationException.class, () -> client.scan(scan -> scan.tableName("a")));
    assertThrows(
        UnsupportedOperationException.class,
        () -> client.batchGetItem(items -> items.requestItems(Map.of())));
    assertThrows(UnsupportedOperationException.class, client::waiter);
    assertEquals(List.of(), proxy.calls());
  }

  private static FaultInjectingClient.CallHandler replyWithError(String code) {
    return FaultInjectingClient.replyWithError(400, code);
  }

  private static void assertUnavailable(Executable call) {
    var error = assertThrows(ApiException.class, call).error();
    assertInstanceOf(ApiError.Unavailable.class, error);
  }
}
