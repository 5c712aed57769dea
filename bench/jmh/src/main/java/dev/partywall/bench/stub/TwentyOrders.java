package dev.partywall.bench.stub;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The stub's response to a query for a tenant's 20 newest orders, parsed.
 *
 * @param headers the header fields
 */
public record TwentyOrders(Map<String, List<String>> headers, byte[] body) {
  /** The attributes that the product reads; {@code #ttl} is an alias of a reserved name. */
  public static final String PROJECTION = StubOrders.PROJECTION;

  private static final String REQUEST_BODY =
      """
      {"TableName":"partywall-orders","KeyConditionExpression":"pk = :pk","ReturnConsumedCapacity":"TOTAL",\
      "ProjectionExpression":"%s",\
      "ExpressionAttributeValues":{":pk":{"S":"acme"},":start":{"S":"order#"}}}\
      """
          .formatted(PROJECTION);

  /** Returns the response. */
  public static TwentyOrders response() {
    var request = new StubRequest("POST", "/", "DynamoDB_20120810.Query", REQUEST_BODY);
    var response = new String(new StubDynamo().respond(request), ISO_8859_1);
    var end = response.indexOf("\r\n\r\n");
    var fields = new HashMap<String, List<String>>();
    Arrays.stream(response.substring(0, end).split("\r\n"))
        .skip(1)
        .map(line -> line.split(": ", 2))
        .forEach(field -> fields.put(field[0], List.of(field[1])));
    return new TwentyOrders(Map.copyOf(fields), response.substring(end + 4).getBytes(ISO_8859_1));
  }
}
