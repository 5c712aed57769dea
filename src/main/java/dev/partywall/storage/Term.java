package dev.partywall.storage;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** A write condition as a DynamoDB expression. The service's clock determines expiry. */
record Term(String expression, Map<String, AttributeValue> values) {
  /** {@code ttl} is a reserved word in DynamoDB. */
  static final Map<String, String> NAMES = Map.of("#ttl", Attributes.EXPIRY);

  private static final String ABSENT = "attribute_not_exists(pk) OR #ttl <= :now";
  private static final String VERSION = "v = :v AND (attribute_not_exists(#ttl) OR #ttl > :now)";

  static Optional<Term> of(Condition condition, Instant now) {
    var epochSecond = Attributes.number(now.getEpochSecond());
    return switch (condition) {
      case Condition.None() -> Optional.empty();
      case Condition.Absent() -> Optional.of(new Term(ABSENT, Map.of(":now", epochSecond)));
      case Condition.VersionIs(long version) ->
          Optional.of(
              new Term(VERSION, Map.of(":now", epochSecond, ":v", Attributes.number(version))));
    };
  }
}
