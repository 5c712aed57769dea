package dev.partywall.attack;

import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** How DynamoDB's requests say things. */
final class Words {
  private Words() {}

  static AttributeValue text(String value) {
    return AttributeValue.fromS(value);
  }

  static Map<String, AttributeValue> key(String pk, String sk) {
    return Map.of("pk", text(pk), "sk", text(sk));
  }

  /** An order of the neighbour's name, full of the one who tries. */
  static Map<String, AttributeValue> item(Scene scene, String pk) {
    return Map.of(
        "pk", text(pk),
        "sk", text("order#" + scene.theirOrder()),
        "i1", text("order#placed#" + scene.theirOrder()),
        "doc", text(scene.me().canary()));
  }
}
