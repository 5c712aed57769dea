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
 * Random conditions, valid or not, under a policy for acme. However the IAM enforcer and the engine
 * parse them, no response contains data of globex.
 */
@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class ParserDifferentialTest {
  private static final int REQUESTS_PER_SEED = 250;

  /** Allows every request with the leading key acme, and denies requests without a leading key. */
  private static AwsSessionCredentials acme(LocalAwsFixture fixture) {
    return fixture.restrictedCredentials(
        """
        {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "dynamodb:*",
          "Resource": "*", "Condition": {
            "ForAllValues:StringEquals": {"dynamodb:LeadingKeys": "acme"},
            "Null": {"dynamodb:LeadingKeys": "false"}}}}\
        """);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void parsesStatementsAsTheEngineDoesOrRejectsThem(long seed, LocalDynamo dynamo)
      throws Exception {
    var random = new Random(seed);
    var terms = new RandomConditions(random, List.of("'acme'", "'globex'", "'a'", "?"));
    try (var fixture = new LocalAwsFixture(dynamo)) {
      sendRandomRequests(
          fixture,
          "ExecuteStatement",
          () ->
              """
              {"Statement": "SELECT * FROM \\"%s\\" WHERE %s", "Parameters": [{"S": "acme"}, {"S": "globex"}]}\
              """
                  .formatted(fixture.table, terms.condition().replace("\"", "\\\"")));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {3, 4})
  void parsesKeyConditionsAsTheEngineDoesOrRejectsThem(long seed, LocalDynamo dynamo)
      throws Exception {
    var random = new Random(seed);
    var terms = new RandomConditions(random, List.of(":a", ":g", ":s", ":a"));
    try (var fixture = new LocalAwsFixture(dynamo)) {
      sendRandomRequests(
          fixture,
          "Query",
          () ->
              """
              {"TableName": "%s", "KeyConditionExpression": "%s", "ExpressionAttributeValues":
                {":a": {"S": "acme"}, ":g": {"S": "globex"}, ":s": {"S": "a"}}}\
              """
                  .formatted(fixture.table, terms.condition().replace("\"", "")));
    }
  }

  private interface Body {
    String next();
  }

  private static void sendRandomRequests(LocalAwsFixture fixture, String operation, Body body)
      throws Exception {
    var session = acme(fixture);
    for (int i = 0; i < REQUESTS_PER_SEED; i++) {
      var text = body.next();
      var response =
          RawAwsCall.dynamo(fixture.aws.endpoint(), operation, text).sign(session).send().body();
      assertFalse(response.contains("o-globex"), text);
    }
    // If no request reached the engine, the test has no meaning.
    assertTrue(fixture.aws.recorder().forwardedCount() > 0);
  }

  @Test
  void drawsValidConditions() {
    var terms = new RandomConditions(new Random(1), List.of("v"));
    assertTrue(Stream.generate(terms::condition).limit(500).anyMatch("pk = v"::equals));
  }

  /** Draws conditions that are mostly well-formed, joined with all operators. */
  private record RandomConditions(Random random, List<String> values) {
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
