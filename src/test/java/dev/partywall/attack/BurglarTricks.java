package dev.partywall.attack;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Stream;

/** What a burglar's business package tries through the kernel's public types. */
final class BurglarTricks {
  /** 409 is the kernel's no to a form that does not hold. */
  private static final Set<Integer> NO_OR_NOTHING = Set.of(200, 409);

  private BurglarTricks() {}

  static final List<Trick> ALL =
      Stream.concat(
              keys().flatMap(key -> Stream.of("get", "put", "delete").map(act -> by(act, key))),
              Stream.of(
                  act("query", s -> ask(s, "query")),
                  act("query", s -> ask(s, "query").put("after", s.theirOrder())),
                  act("query", s -> ask(s, "query").put("after", s.theirKey() + "#order")),
                  act("query", s -> ask(s, "query").put("collection", s.them().name())),
                  act("query", s -> ask(s, "query").put("collection", ".mark")),
                  act("query", s -> ask(s, "query").put("collection", "")),
                  act("query", s -> ask(s, "query").put("limit", Integer.MAX_VALUE - 1)),
                  act("labels", s -> labels(s, "FIRST", "placed")),
                  act("labels", s -> labels(s, "SECOND", s.them().canary() + ".placed")),
                  act("labels", s -> labels(s, "FIRST", s.theirKey())),
                  act("labels", s -> labels(s, "FIRST", "placed#" + s.theirOrder())),
                  act("labels", s -> labels(s, "SECOND", "*")),
                  act(
                      "transact",
                      s -> ask(s, "transact").put("collection", "loot").put("id", s.theirOrder())),
                  new Trick(
                      "burglar: rebind",
                      Set.of(409),
                      s -> post(s, ask(s, "rebind").put("of", s.them().name()))),
                  new Trick("burglar: thread", Set.of(409), s -> post(s, ask(s, "thread"))),
                  new Trick(
                      "burglar: executor",
                      Set.of(409),
                      s -> post(s, ask(s, "executor").put("id", s.theirOrder())))))
          .toList();

  /** Ways to name the neighbour's order. The last part of each is what a put would land on. */
  private static Stream<BiConsumer<Scene, ObjectNode>> keys() {
    return Stream.of(
        (s, node) -> node.put("collection", "other").put("id", s.theirOrder()),
        (s, node) -> node.put("collection", "order#" + s.theirOrder()).put("id", "1"),
        (s, node) -> node.put("collection", s.theirKey()).put("id", "order#" + s.theirOrder()),
        (s, node) -> node.put("collection", "loot").put("id", s.theirKey() + "|x"),
        (s, node) -> node.put("collection", "loot").put("id", "../" + s.theirKey() + "/x"),
        (s, node) -> node.put("collection", "loot").put("id", s.theirKey() + "\u0000order"),
        (s, node) -> node.put("collection", "ORDER").put("id", s.theirOrder()),
        (s, node) -> node.put("collection", "").put("id", s.theirOrder()),
        (s, node) -> node.put("collection", "loot").put("id", "\u202e" + s.theirOrder()));
  }

  private static Trick by(String act, BiConsumer<Scene, ObjectNode> key) {
    return act(
        act,
        s -> {
          var node = ask(s, act);
          key.accept(s, node);
          return node;
        });
  }

  private static Trick act(String act, Function<Scene, ObjectNode> body) {
    return new Trick("burglar: " + act, NO_OR_NOTHING, s -> post(s, body.apply(s)));
  }

  private static ObjectNode ask(Scene scene, String act) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("act", act)
        .put("collection", "order")
        .put("document", scene.me().canary());
  }

  private static ObjectNode labels(Scene scene, String index, String label) {
    var node = ask(scene, "query").put("index", index);
    node.putArray("labels").add(label);
    return node;
  }

  private static Ask post(Scene scene, ObjectNode body) {
    return scene.ask("POST", Burglar.ROUTE).json(body.toString());
  }
}
