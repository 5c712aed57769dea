package dev.partywall.attack;

import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Attribute values for DynamoDB requests. */
final class DynamoValues {
  private DynamoValues() {}

  static AttributeValue text(String value) {
    return AttributeValue.fromS(value);
  }

  static Map<String, AttributeValue> key(String pk, String sk) {
    return Map.of("pk", text(pk), "sk", text(sk));
  }

  /** Returns an order with an id of the target and the attacker's canary. */
  static Map<String, AttributeValue> orderItem(AttackScene scene, String pk) {
    return Map.of(
        "pk", text(pk),
        "sk", text("order#" + scene.targetOrder()),
        "i1", text("order#placed#" + scene.targetOrder()),
        "doc", text(scene.attacker().canary()));
  }
}
