package dev.partywall.bench.stub;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * DynamoDB's answer to a query for a tenant's twenty newest orders, as the stub in a process of its
 * own gives it, taken apart.
 *
 * @param fields of the header section
 */
public record TwentyOrders(Map<String, List<String>> fields, byte[] body) {
  private static final String QUESTION =
      """
      {"TableName":"partywall-orders","KeyConditionExpression":"pk = :pk","ReturnConsumedCapacity":"TOTAL",\
      "ProjectionExpression":"%s",\
      "ExpressionAttributeValues":{":pk":{"S":"acme"},":start":{"S":"order#"}}}\
      """
          .formatted(SampleOrders.PROJECTION);

  /** The answer. */
  public static TwentyOrders answer() {
    var question = new Question("POST", "/", "DynamoDB_20120810.Query", QUESTION);
    var whole = new String(new Dynamo().answer(question), ISO_8859_1);
    var end = whole.indexOf("\r\n\r\n");
    var fields = new HashMap<String, List<String>>();
    Arrays.stream(whole.substring(0, end).split("\r\n"))
        .skip(1)
        .map(line -> line.split(": ", 2))
        .forEach(field -> fields.put(field[0], List.of(field[1])));
    return new TwentyOrders(Map.copyOf(fields), whole.substring(end + 4).getBytes(ISO_8859_1));
  }
}
