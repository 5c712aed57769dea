package dev.partywall.attack;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Stream;

/** Attacks of a hostile business package that uses the kernel's public types. */
final class HostileCodeAttacks {
  /** 409: the kernel rejects an invalid argument. */
  private static final Set<Integer> REJECTED_OR_EMPTY = Set.of(200, 409);

  private HostileCodeAttacks() {}

  static final List<AttackCase> ALL =
      Stream.concat(
              keysOfTheTarget()
                  .flatMap(
                      key -> Stream.of("get", "put", "delete").map(action -> withKey(action, key))),
              Stream.of(
                  attack("query", scene -> body(scene, "query")),
                  attack("query", scene -> body(scene, "query").put("after", scene.targetOrder())),
                  attack(
                      "query",
                      scene -> body(scene, "query").put("after", scene.targetKey() + "#order")),
                  attack(
                      "query",
                      scene -> body(scene, "query").put("collection", scene.target().name())),
                  attack("query", scene -> body(scene, "query").put("collection", ".mark")),
                  attack("query", scene -> body(scene, "query").put("collection", "")),
                  attack(
                      "query", scene -> body(scene, "query").put("limit", Integer.MAX_VALUE - 1)),
                  attack("labels", scene -> labels(scene, "FIRST", "placed")),
                  attack(
                      "labels",
                      scene -> labels(scene, "SECOND", scene.target().canary() + ".placed")),
                  attack("labels", scene -> labels(scene, "FIRST", scene.targetKey())),
                  attack(
                      "labels", scene -> labels(scene, "FIRST", "placed#" + scene.targetOrder())),
                  attack("labels", scene -> labels(scene, "SECOND", "*")),
                  attack(
                      "transact",
                      scene ->
                          body(scene, "transact")
                              .put("collection", "attack")
                              .put("id", scene.targetOrder())),
                  new AttackCase(
                      "hostile code: rebind",
                      Set.of(409),
                      scene ->
                          post(scene, body(scene, "rebind").put("tenant", scene.target().name()))),
                  new AttackCase(
                      "hostile code: thread",
                      Set.of(409),
                      scene -> post(scene, body(scene, "thread"))),
                  new AttackCase(
                      "hostile code: executor",
                      Set.of(409),
                      scene ->
                          post(scene, body(scene, "executor").put("id", scene.targetOrder())))))
          .toList();

  /** Ways to address the target's order. */
  private static Stream<BiConsumer<AttackScene, ObjectNode>> keysOfTheTarget() {
    return Stream.of(
        (scene, node) -> node.put("collection", "other").put("id", scene.targetOrder()),
        (scene, node) -> node.put("collection", "order#" + scene.targetOrder()).put("id", "1"),
        (scene, node) ->
            node.put("collection", scene.targetKey()).put("id", "order#" + scene.targetOrder()),
        (scene, node) -> node.put("collection", "attack").put("id", scene.targetKey() + "|x"),
        (scene, node) ->
            node.put("collection", "attack").put("id", "../" + scene.targetKey() + "/x"),
        (scene, node) ->
            node.put("collection", "attack").put("id", scene.targetKey() + "\u0000order"),
        (scene, node) -> node.put("collection", "ORDER").put("id", scene.targetOrder()),
        (scene, node) -> node.put("collection", "").put("id", scene.targetOrder()),
        (scene, node) ->
            node.put("collection", "attack").put("id", "\u202e" + scene.targetOrder()));
  }

  private static AttackCase withKey(String action, BiConsumer<AttackScene, ObjectNode> key) {
    return attack(
        action,
        scene -> {
          var node = body(scene, action);
          key.accept(scene, node);
          return node;
        });
  }

  private static AttackCase attack(String action, Function<AttackScene, ObjectNode> body) {
    return new AttackCase(
        "hostile code: " + action, REJECTED_OR_EMPTY, scene -> post(scene, body.apply(scene)));
  }

  private static ObjectNode body(AttackScene scene, String action) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("action", action)
        .put("collection", "order")
        .put("document", scene.attacker().canary());
  }

  private static ObjectNode labels(AttackScene scene, String index, String label) {
    var node = body(scene, "query").put("index", index);
    node.putArray("labels").add(label);
    return node;
  }

  private static ApiRequest post(AttackScene scene, ObjectNode body) {
    return scene.request("POST", HostileCapability.ROUTE).withJson(body.toString());
  }
}
