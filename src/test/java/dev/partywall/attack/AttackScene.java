package dev.partywall.attack;

import java.util.List;
import java.util.random.RandomGenerator;

/** An attacking tenant and its target. */
record AttackScene(
    AttackFixture fixture, SeededTenant attacker, SeededTenant target, RandomGenerator random) {
  /** Returns a valid token of the attacker. */
  String token() {
    return fixture.tokens().of(attacker.name(), SeededTenant.COMMON_USER);
  }

  /** Returns a request with a valid token of the attacker. */
  ApiRequest request(String method, String path) {
    return ApiRequest.of(method, path).withToken(token());
  }

  ApiRequest get(String path) {
    return request("GET", path);
  }

  /** Returns the id of one of the target's orders. */
  String targetOrder() {
    return pick(target.orderIds());
  }

  String targetPath() {
    return "/orders/" + targetOrder();
  }

  /** Returns one of the target's partition keys. */
  String targetKey() {
    return pick(target.location().partitionKeys());
  }

  String attackerKey() {
    return pick(attacker.location().partitionKeys());
  }

  <T> T pick(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }
}
