package dev.partywall.attack;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Stream;

/** Attacks of a hostile business package that uses the kernel's public types. */
final class BurglarTricks {
  /** 409: the kernel rejects an invalid argument. */
  private static final Set<Integer> REJECTED_OR_EMPTY = Set.of(200, 409);

  private BurglarTricks() {}

  static final List<Trick> ALL =
      Stream.concat(
              keysOfTheTarget()
                  .flatMap(
                      key -> Stream.of("get", "put", "delete").map(action -> withKey(action, key))),
              Stream.of(
                  attack("query", scene -> body(scene, "query")),
                  attack("query", scene -> body(scene, "query").put("after", scene.theirOrder())),
                  attack(
                      "query",
                      scene -> body(scene, "query").put("after", scene.theirKey() + "#order")),
                  attack(
                      "query",
                      scene -> body(scene, "query").put("collection", scene.them().name())),
                  attack("query", scene -> body(scene, "query").put("collection", ".mark")),
                  attack("query", scene -> body(scene, "query").put("collection", "")),
                  attack(
                      "query", scene -> body(scene, "query").put("limit", Integer.MAX_VALUE - 1)),
                  attack("labels", scene -> labels(scene, "FIRST", "placed")),
                  attack(
                      "labels",
                      scene -> labels(scene, "SECOND", scene.them().canary() + ".placed")),
                  attack("labels", scene -> labels(scene, "FIRST", scene.theirKey())),
                  attack("labels", scene -> labels(scene, "FIRST", "placed#" + scene.theirOrder())),
                  attack("labels", scene -> labels(scene, "SECOND", "*")),
                  attack(
                      "transact",
                      scene ->
                          body(scene, "transact")
                              .put("collection", "attack")
                              .put("id", scene.theirOrder())),
                  new Trick(
                      "hostile code: rebind",
                      Set.of(409),
                      scene ->
                          post(scene, body(scene, "rebind").put("tenant", scene.them().name()))),
                  new Trick(
                      "hostile code: thread",
                      Set.of(409),
                      scene -> post(scene, body(scene, "thread"))),
                  new Trick(
                      "hostile code: executor",
                      Set.of(409),
                      scene -> post(scene, body(scene, "executor").put("id", scene.theirOrder())))))
          .toList();

  /** Ways to address the target's order. */
  private static Stream<BiConsumer<Scene, ObjectNode>> keysOfTheTarget() {
    return Stream.of(
        (scene, node) -> node.put("collection", "other").put("id", scene.theirOrder()),
        (scene, node) -> node.put("collection", "order#" + scene.theirOrder()).put("id", "1"),
        (scene, node) ->
            node.put("collection", scene.theirKey()).put("id", "order#" + scene.theirOrder()),
        (scene, node) -> node.put("collection", "attack").put("id", scene.theirKey() + "|x"),
        (scene, node) ->
            node.put("collection", "attack").put("id", "../" + scene.theirKey() + "/x"),
        (scene, node) ->
            node.put("collection", "attack").put("id", scene.theirKey() + "\u0000order"),
        (scene, node) -> node.put("collection", "ORDER").put("id", scene.theirOrder()),
        (scene, node) -> node.put("collection", "").put("id", scene.theirOrder()),
        (scene, node) -> node.put("collection", "attack").put("id", "\u202e" + scene.theirOrder()));
  }

  private static Trick withKey(String action, BiConsumer<Scene, ObjectNode> key) {
    return attack(
        action,
        scene -> {
          var node = body(scene, action);
          key.accept(scene, node);
          return node;
        });
  }

  private static Trick attack(String action, Function<Scene, ObjectNode> body) {
    return new Trick(
        "hostile code: " + action, REJECTED_OR_EMPTY, scene -> post(scene, body.apply(scene)));
  }

  private static ObjectNode body(Scene scene, String action) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("action", action)
        .put("collection", "order")
        .put("document", scene.me().canary());
  }

  private static ObjectNode labels(Scene scene, String index, String label) {
    var node = body(scene, "query").put("index", index);
    node.putArray("labels").add(label);
    return node;
  }

  private static Ask post(Scene scene, ObjectNode body) {
    return scene.ask("POST", Burglar.ROUTE).json(body.toString());
  }
}
