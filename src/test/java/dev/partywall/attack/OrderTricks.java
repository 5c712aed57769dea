package dev.partywall.attack;

import java.util.List;
import java.util.Set;

/** Requests with the target's order ids, cursors, idempotency keys, entity tags and users. */
final class OrderTricks {
  private static final String CHANGE =
      """
      {"currency":"EUR","items":[{"sku":"A","name":"A","quantity":1,"unitPrice":1}],"status":"cancelled"}\
      """;

  private OrderTricks() {}

  static final List<Trick> READS =
      List.of(
          Trick.of("foreign id: GET", 404, scene -> scene.get(scene.theirPath())),
          Trick.of("foreign id: HEAD", 404, scene -> scene.ask("HEAD", scene.theirPath())),
          Trick.of(
              "foreign id: GET If-None-Match",
              404,
              scene -> scene.get(scene.theirPath()).with("If-None-Match: \"1\"")),
          Trick.of(
              "foreign id: GET If-None-Match *",
              404,
              scene -> scene.get(scene.theirPath()).with("If-None-Match: *")),
          Trick.of(
              "foreign id: GET If-Match *",
              404,
              scene -> scene.get(scene.theirPath()).with("If-Match: *")),
          new Trick(
              "foreign id: with a partition key",
              Set.of(400, 404),
              scene ->
                  scene.get("/orders/" + scene.theirKey() + "%23order%23" + scene.theirOrder())),
          new Trick(
              "foreign id: after the tenant's name",
              Set.of(400, 404),
              scene -> scene.get("/" + scene.them().name() + scene.theirPath())),
          new Trick(
              "foreign id: path traversal",
              Set.of(400, 404),
              scene -> scene.get("/orders/../" + scene.them().name() + scene.theirPath())),
          new Trick(
              "foreign id: lower case",
              Set.of(404),
              scene -> scene.get(scene.theirPath().toLowerCase(java.util.Locale.ROOT))),
          new Trick(
              "foreign id: with a suffix",
              Set.of(400, 404),
              scene ->
                  scene.get(
                      scene.theirPath() + scene.oneOf(List.of("/", "%00", "%20", ";v=1", "%0a")))));

  static final List<Trick> WRITES =
      List.of(
          Trick.of(
              "foreign id: PUT If-Match",
              404,
              scene -> scene.ask("PUT", scene.theirPath()).with("If-Match: \"1\"").json(CHANGE)),
          Trick.of(
              "foreign id: PUT If-Match *",
              404,
              scene -> scene.ask("PUT", scene.theirPath()).with("If-Match: *").json(CHANGE)),
          Trick.of(
              "foreign id: PUT", 428, scene -> scene.ask("PUT", scene.theirPath()).json(CHANGE)),
          Trick.of("foreign id: DELETE", 404, scene -> scene.ask("DELETE", scene.theirPath())),
          Trick.of(
              "foreign id: DELETE If-Match *",
              404,
              scene -> scene.ask("DELETE", scene.theirPath()).with("If-Match: *")),
          Trick.of(
              "foreign id: POST",
              405,
              scene -> scene.ask("POST", scene.theirPath()).json(scene.me().order())),
          Trick.of(
              "foreign id: PATCH",
              405,
              scene -> scene.ask("PATCH", scene.theirPath()).json(scene.me().order())),
          Trick.of(
              "foreign key: same order",
              201,
              scene ->
                  place(scene, Resident.plainOrder()).with("Idempotency-Key: " + Resident.KEY)),
          // The attacker has used the same key, so a different body is rejected. The target's use
          // of
          // the key has no effect.
          Trick.of(
              "foreign key: another order",
              422,
              scene -> place(scene, scene.me().order()).with("Idempotency-Key: " + Resident.KEY)));

  static final List<Trick> LISTS =
      List.of(
          Trick.of(
              "foreign cursor",
              200,
              scene -> scene.get("/orders?cursor=" + scene.them().cursors().get(0))),
          Trick.of(
              "foreign cursor: by status",
              200,
              scene -> scene.get("/orders?status=placed&cursor=" + scene.them().cursors().get(1))),
          Trick.of(
              "foreign cursor: by user",
              200,
              scene ->
                  scene.get(
                      "/orders?user="
                          + scene.them().user()
                          + "&cursor="
                          + scene.them().cursors().get(2))),
          Trick.of(
              "foreign cursor: different filter",
              400,
              scene -> scene.get("/orders?status=paid&cursor=" + scene.them().cursors().get(0))),
          Trick.of("foreign user", 200, scene -> scene.get("/orders?user=" + scene.them().user())),
          Trick.of(
              "foreign user: twice",
              400,
              scene -> scene.get("/orders?user=me&user=" + scene.them().user())),
          Trick.of("same user name", 200, scene -> scene.get("/orders?user=alice&limit=100")));

  private static Ask place(Scene scene, String order) {
    return scene.ask("POST", "/orders").json(order);
  }
}
