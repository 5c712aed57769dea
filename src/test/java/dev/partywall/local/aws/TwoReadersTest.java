package dev.partywall.local.aws;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.local.LocalDynamo;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;

/**
 * Conditions drawn at random, valid or not, under a policy that is acme's: however wall and engine
 * read them, nothing of globex's comes back.
 */
@ExtendWith(LocalDynamo.Shared.class)
class TwoReadersTest {
  private static final int EACH = 250;

  /** Lets everything through that is led by acme, and refuses what has no leading key. */
  private static AwsSessionCredentials acme(House house) {
    return house.narrowed(
        """
        {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "dynamodb:*",
          "Resource": "*", "Condition": {
            "ForAllValues:StringEquals": {"dynamodb:LeadingKeys": "acme"},
            "Null": {"dynamodb:LeadingKeys": "false"}}}}\
        """);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void aStatementIsReadAlikeOrNotAtAll(long seed, LocalDynamo dynamo) throws Exception {
    var random = new Random(seed);
    var terms = new Terms(random, List.of("'acme'", "'globex'", "'a'", "?"));
    try (var house = new House(dynamo)) {
      walk(
          house,
          "ExecuteStatement",
          () ->
              """
              {"Statement": "SELECT * FROM \\"%s\\" WHERE %s", "Parameters": [{"S": "acme"}, {"S": "globex"}]}\
              """
                  .formatted(house.table, terms.condition().replace("\"", "\\\"")));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {3, 4})
  void aKeyConditionIsReadAlikeOrNotAtAll(long seed, LocalDynamo dynamo) throws Exception {
    var random = new Random(seed);
    var terms = new Terms(random, List.of(":a", ":g", ":s", ":a"));
    try (var house = new House(dynamo)) {
      walk(
          house,
          "Query",
          () ->
              """
              {"TableName": "%s", "KeyConditionExpression": "%s", "ExpressionAttributeValues":
                {":a": {"S": "acme"}, ":g": {"S": "globex"}, ":s": {"S": "a"}}}\
              """
                  .formatted(house.table, terms.condition().replace("\"", "")));
    }
  }

  private interface Body {
    String next();
  }

  private static void walk(House house, String operation, Body body) throws Exception {
    var session = acme(house);
    for (int i = 0; i < EACH; i++) {
      var text = body.next();
      var answer =
          RawCall.dynamo(house.aws.endpoint(), operation, text).signed(session).send().body();
      assertFalse(answer.contains("o-globex"), text);
    }
    // Otherwise the walk has shown nothing.
    assertTrue(house.aws.recorder().passed() > 0);
  }

  @Test
  void theDrawAlsoMakesConditionsThatHold() {
    var terms = new Terms(new Random(1), List.of("v"));
    assertTrue(Stream.generate(terms::condition).limit(500).anyMatch("pk = v"::equals));
  }

  /** Draws conditions: mostly well-formed, and joined in every way there is. */
  private record Terms(Random random, List<String> values) {
    String condition() {
      var terms = Stream.generate(this::term).limit(1 + random.nextInt(3));
      return terms.collect(Collectors.joining(any(" AND ", " AND ", " OR ", " ", " = ")));
    }

    private String term() {
      return switch (random.nextInt(10)) {
        case 0, 1, 2 -> name() + any(" = ", "=", " > ", " <> ", " >= ") + value();
        case 3 -> value() + " = " + name();
        case 4 -> name() + " BETWEEN " + value() + " AND " + any(value(), name());
        case 5 -> "begins_with(" + name() + ", " + value() + ")";
        case 6 -> "NOT " + name() + " = " + value();
        case 7 -> "(" + name() + " = " + value() + any(")", " OR sk = " + value() + ")", "");
        case 8 -> name() + any(" IN (", " IN [") + value() + any(")", "]");
        default -> "pk = " + value();
      };
    }

    private String name() {
      return any("pk", "pk", "\"pk\"", "sk", "sk", "owner", "size(pk)", "PK");
    }

    private String value() {
      return values.get(random.nextInt(values.size()));
    }

    private String any(String... choices) {
      return choices[random.nextInt(choices.length)];
    }
  }
}
