package dev.partywall.storage;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** A write condition as a DynamoDB expression. The service's clock determines expiry. */
record ConditionExpression(String expression, Map<String, AttributeValue> values) {
  /** {@code ttl} is a reserved word in DynamoDB. */
  static final Map<String, String> NAMES = Map.of("#ttl", Attributes.EXPIRY);

  private static final String ABSENT = "attribute_not_exists(pk) OR #ttl <= :now";
  private static final String VERSION = "v = :v AND (attribute_not_exists(#ttl) OR #ttl > :now)";

  static Optional<ConditionExpression> of(WriteCondition condition, Instant now) {
    var epochSecond = Attributes.number(now.getEpochSecond());
    return switch (condition) {
      case WriteCondition.None() -> Optional.empty();
      case WriteCondition.Absent() ->
          Optional.of(new ConditionExpression(ABSENT, Map.of(":now", epochSecond)));
      case WriteCondition.VersionIs(long version) ->
          Optional.of(
              new ConditionExpression(
                  VERSION, Map.of(":now", epochSecond, ":v", Attributes.number(version))));
    };
  }
}
