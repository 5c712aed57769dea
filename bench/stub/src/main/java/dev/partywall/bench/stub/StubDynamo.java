package dev.partywall.bench.stub;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;

/**
 * The responses of DynamoDB. The first request creates the response, which is cached by the
 * complete request: a warm request costs a lookup and a write.
 */
final class StubDynamo {
  /** The peers' table. Every other table whose name ends in {@code orders} contains documents. */
  private static final String PEERS_TABLE = "peers-orders";

  /** The table of registered tenants. */
  private static final String TENANTS_TABLE = "tenants";

  /**
   * Queries of these tenants are slow: {@code slow20-1} takes 20 ms. Without a number, they take
   * 1,500 ms; the product's timeout of an attempt is 2 s.
   */
  private static final Pattern SLOW_TENANT = Pattern.compile("\\{\"S\":\"slow(\\d*)-");

  private static final String DEFAULT_DELAY_MILLIS = "1500";

  private static final int MAX_CACHED = 10_000;
  private static final int PAGE = 20;
  private static final int LONG_PAGE = 100;
  private static final Pattern LIMIT = Pattern.compile("\"Limit\":(\\d+)");
  private static final Pattern TABLE = Pattern.compile("\"TableName\":\"([^\"]+)\"");
  private static final Pattern PROJECTION =
      Pattern.compile("\"ProjectionExpression\":\"([^\"]+)\"");
  private static final Pattern KEY =
      Pattern.compile("\"KeyConditionExpression\":\"\\s*\\S+\\s*=\\s*(:\\w+)");

  private final Map<StubRequest, byte[]> answers = new ConcurrentHashMap<>();
  private final StubLedger ledger = new StubLedger();

  StubLedger ledger() {
    return ledger;
  }

  byte[] respond(StubRequest request) {
    var isQuery = request.operation().endsWith(".Query");
    if (isQuery) {
      delay(request.body());
    } else if (request.operation().endsWith(".TransactWriteItems")) {
      ledger.add(request.body());
    }
    if (isQuery && StubContent.isRead(request.body())) {
      return StubContent.page(request.body()); // each page is read once
    }
    var cached = answers.get(request);
    if (cached != null) {
      return cached;
    }
    var answer = create(request);
    // Writes do not repeat, and would displace the queries.
    if (isQuery && answers.size() < MAX_CACHED) {
      answers.put(request, answer);
    }
    return answer;
  }

  private static void delay(String body) {
    if (body.contains("\"slow")) { // the pattern costs more
      var tenant = SLOW_TENANT.matcher(body);
      if (tenant.find()) {
        var millis = tenant.group(1).isEmpty() ? DEFAULT_DELAY_MILLIS : tenant.group(1);
        LockSupport.parkNanos(Duration.ofMillis(Long.parseLong(millis)).toNanos());
      }
    }
  }

  private static byte[] create(StubRequest request) {
    var operation = request.operation().substring(request.operation().indexOf('.') + 1);
    var table = first(TABLE, request.body());
    return switch (operation) {
      case "Query" ->
          readsSameAttributes(request.body(), table)
              ? StubResponse.dynamo("200 OK", query(request.body(), table))
              : error("com.amazonaws.dynamodb.v20120810#ValidationException");
      case "DescribeTable" -> StubResponse.dynamo("200 OK", description(table));
      case "GetItem" -> complete(request.body(), item(request.body(), table), capacity(table));
      case "PutItem", "UpdateItem", "DeleteItem" -> complete(request.body(), "{}", capacity(table));
      case "TransactWriteItems" -> complete(request.body(), "{}", "[" + capacity(table) + "]");
      case "BatchGetItem" ->
          StubResponse.dynamo("200 OK", "{\"Responses\":{},\"UnprocessedKeys\":{}}");
      case "Scan" -> StubResponse.dynamo("200 OK", "{\"Items\":[],\"Count\":0,\"ScannedCount\":0}");
      default -> error("com.amazon.coral.service#UnknownOperationException");
    };
  }

  private static String item(String body, String table) {
    return table.endsWith(TENANTS_TABLE) ? StubRegistry.item(body) : "{}";
  }

  /** Returns the response with the consumed capacity, if the request asks for it. */
  private static byte[] complete(String body, String response, String capacity) {
    if (!body.contains("\"ReturnConsumedCapacity\"")) {
      return StubResponse.dynamo("200 OK", response);
    }
    var separator = response.equals("{}") ? "" : ",";
    return StubResponse.dynamo(
        "200 OK", "{\"ConsumedCapacity\":" + capacity + separator + response.substring(1));
  }

  private static String capacity(String table) {
    return "{\"TableName\":\"" + table + "\",\"CapacityUnits\":3.0}";
  }

  private static byte[] error(String type) {
    return StubResponse.dynamo("400 Bad Request", "{\"__type\":\"" + type + "\"}");
  }

  /** Requires product and peers to read the same attributes of documents. */
  private static boolean readsSameAttributes(String body, String table) {
    var projection = first(PROJECTION, body);
    return table.equals(PEERS_TABLE)
        || projection.isEmpty()
        || projection.equals(StubOrders.PROJECTION);
  }

  private static String query(String body, String table) {
    var items = items(body, table);
    var count = items.isEmpty() ? 0 : pageSize(body);
    var capacity =
        body.contains("\"ReturnConsumedCapacity\"")
            ? ",\"ConsumedCapacity\":" + capacity(table)
            : "";
    return "{\"Count\":%1$d,\"Items\":[%2$s],\"ScannedCount\":%1$d%3$s}"
        .formatted(count, items, capacity);
  }

  private static String items(String body, String table) {
    if (!table.endsWith("orders") || !body.contains("\"order#")) {
      return "";
    }
    var tenant = value(body, first(KEY, body));
    if (table.equals(PEERS_TABLE)) {
      return StubOrders.asAttributes(tenant);
    }
    return !first(PROJECTION, body).isEmpty()
        ? StubOrders.asProjectedDocuments(pageSize(body))
        : StubOrders.asDocuments(tenant, pageSize(body));
  }

  /** Returns a page size of 20, or of 100 for a limit of at least 100. */
  private static int pageSize(String body) {
    var limit = first(LIMIT, body);
    return !limit.isEmpty() && Integer.parseInt(limit) >= LONG_PAGE ? LONG_PAGE : PAGE;
  }

  private static String value(String body, String placeholder) {
    return first(Pattern.compile("\"" + placeholder + "\":\\{\"S\":\"([^\"]*)\""), body);
  }

  private static String first(Pattern pattern, String text) {
    var matcher = pattern.matcher(text);
    return matcher.find() ? matcher.group(1) : "";
  }

  private static String description(String table) {
    return """
    {"Table":{"TableName":"%1$s","TableStatus":"ACTIVE","ItemCount":0,"TableSizeBytes":0,\
    "TableArn":"arn:aws:dynamodb:eu-central-1:000000000000:table/%1$s",\
    "KeySchema":[{"AttributeName":"pk","KeyType":"HASH"},{"AttributeName":"sk","KeyType":"RANGE"}],\
    "AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"},{"AttributeName":"sk","AttributeType":"S"},\
    {"AttributeName":"i1","AttributeType":"S"},{"AttributeName":"i2","AttributeType":"S"}],\
    "GlobalSecondaryIndexes":[%2$s,%3$s]}}\
    """
        .formatted(table, index("i1"), index("i2"));
  }

  private static String index(String name) {
    return """
    {"IndexName":"by-%1$s","IndexStatus":"ACTIVE","Projection":{"ProjectionType":"ALL"},\
    "KeySchema":[{"AttributeName":"pk","KeyType":"HASH"},{"AttributeName":"%1$s","KeyType":"RANGE"}]}\
    """
        .formatted(name);
  }
}
