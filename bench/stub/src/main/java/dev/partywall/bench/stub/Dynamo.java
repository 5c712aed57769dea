package dev.partywall.bench.stub;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;

/**
 * DynamoDB's answers. One is made when a question comes up for the first time, and remembered by
 * the whole of it, so that a warm request costs a look-up and a write.
 */
final class Dynamo {
  /** The peers' table; every other table whose name ends in orders holds documents. */
  private static final String PEERS_TABLE = "peers-orders";

  /** Whose queries take so long: an attempt of the product's may take 2 s. */
  private static final String SLOW_TENANT = "{\"S\":\"slow-";

  private static final Duration SLOW = Duration.ofMillis(1_500);

  private static final int REMEMBERED = 10_000;
  private static final int PAGE = 20;
  private static final int LONG_PAGE = 100;
  private static final Pattern LIMIT = Pattern.compile("\"Limit\":(\\d+)");
  private static final Pattern TABLE = Pattern.compile("\"TableName\":\"([^\"]+)\"");
  private static final Pattern PROJECTION =
      Pattern.compile("\"ProjectionExpression\":\"([^\"]+)\"");
  private static final Pattern KEY =
      Pattern.compile("\"KeyConditionExpression\":\"\\s*\\S+\\s*=\\s*(:\\w+)");

  private final Map<Question, byte[]> answers = new ConcurrentHashMap<>();

  byte[] answer(Question question) {
    var isQuery = question.operation().endsWith(".Query");
    if (isQuery && question.body().contains(SLOW_TENANT)) {
      LockSupport.parkNanos(SLOW.toNanos());
    }
    var known = answers.get(question);
    if (known != null) {
      return known;
    }
    var made = make(question);
    // Nobody asks twice what is written, and it would take the lists' room.
    if (isQuery && answers.size() < REMEMBERED) {
      answers.put(question, made);
    }
    return made;
  }

  private static byte[] make(Question question) {
    var operation = question.operation().substring(question.operation().indexOf('.') + 1);
    var table = first(TABLE, question.body());
    return switch (operation) {
      case "Query" ->
          isFair(question.body(), table)
              ? Answer.dynamo("200 OK", query(question.body(), table))
              : refusal("com.amazonaws.dynamodb.v20120810#ValidationException");
      case "DescribeTable" -> Answer.dynamo("200 OK", description(table));
      case "GetItem", "PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems" ->
          Answer.dynamo("200 OK", "{}");
      case "BatchGetItem" -> Answer.dynamo("200 OK", "{\"Responses\":{},\"UnprocessedKeys\":{}}");
      case "Scan" -> Answer.dynamo("200 OK", "{\"Items\":[],\"Count\":0,\"ScannedCount\":0}");
      default -> refusal("com.amazon.coral.service#UnknownOperationException");
    };
  }

  private static byte[] refusal(String type) {
    return Answer.dynamo("400 Bad Request", "{\"__type\":\"" + type + "\"}");
  }

  /** Whoever reads documents, product or peer, has to ask for the same of them. */
  private static boolean isFair(String body, String table) {
    var projection = first(PROJECTION, body);
    return table.equals(PEERS_TABLE)
        || projection.isEmpty()
        || projection.equals(SampleOrders.PROJECTION);
  }

  private static String query(String body, String table) {
    var items = items(body, table);
    var count = items.isEmpty() ? 0 : wanted(body);
    var capacity =
        body.contains("\"ReturnConsumedCapacity\"")
            ? ",\"ConsumedCapacity\":{\"TableName\":\"" + table + "\",\"CapacityUnits\":3.0}"
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
      return SampleOrders.asAttributes(tenant);
    }
    return !first(PROJECTION, body).isEmpty()
        ? SampleOrders.asProjectedDocuments(wanted(body))
        : SampleOrders.asDocuments(tenant, wanted(body));
  }

  /** A page of twenty, or of a hundred where so many are asked for. */
  private static int wanted(String body) {
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
