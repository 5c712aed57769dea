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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

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

  /** The service's operations, in alphabetical order. */
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
        () -> client.updateTimeToLive(update -> update.tableName("k")));
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
            "UpdateTimeToLive on k"),
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
      strings = {
        "ConditionalCheckFailedException",
        "ResourceInUseException",
        "TransactionCanceledException",
        "TransactionConflictException",
        "ValidationException",
      })
  void rethrowsResultsAndErrorsCausedByABug(String code) {
    proxy.handleWith(FaultInjectingClient.replyWithError(400, code));
    for (var operation : operations()) {
      assertEquals(code, AwsErrorCodes.codeOf(assertThrows(DynamoDbException.class, operation)));
    }
    assertEquals(List.of(), proxy.denials());
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
  @Test
  void rethrowsAnErrorWithoutACode() {
    proxy.handleWith(FaultInjectingClient.replyWith(400, "<html><body>Bad Request</body></html>"));
    assertThrows(DynamoDbException.class, () -> client.getItem(get -> get.tableName("a").key(KEY)));
  }

  @Test
  void supportsNoOtherOperation() {
    assertThrows(
        UnsupportedOperationException.class, () -> client.scan(scan -> scan.tableName("a")));
    assertThrows(
        UnsupportedOperationException.class,
        () -> client.deleteTable(table -> table.tableName("a")));
    assertThrows(UnsupportedOperationException.class, client::waiter);
    assertEquals(List.of(), proxy.calls());
  }

  private static void assertUnavailable(Executable call) {
    var error = assertThrows(ApiException.class, call).error();
    assertInstanceOf(ApiError.Unavailable.class, error);
  }
}
