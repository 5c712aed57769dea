package dev.partywall.attack;

import java.util.List;
import java.util.Set;

/** With a neighbour's names of things: orders, cursors, idempotency keys, entity tags, users. */
final class OrderTricks {
  private static final String CHANGE =
      """
      {"currency":"EUR","items":[{"sku":"A","name":"A","quantity":1,"unitPrice":1}],"status":"cancelled"}\
      """;

  private OrderTricks() {}

  static final List<Trick> READS =
      List.of(
          Trick.of("foreign id: GET", 404, s -> s.get(s.theirPath())),
          Trick.of("foreign id: HEAD", 404, s -> s.ask("HEAD", s.theirPath())),
          Trick.of(
              "foreign id: GET If-None-Match",
              404,
              s -> s.get(s.theirPath()).with("If-None-Match: \"1\"")),
          Trick.of(
              "foreign id: GET If-None-Match *",
              404,
              s -> s.get(s.theirPath()).with("If-None-Match: *")),
          Trick.of(
              "foreign id: GET If-Match *", 404, s -> s.get(s.theirPath()).with("If-Match: *")),
          new Trick(
              "foreign id: with a partition in it",
              Set.of(400, 404),
              s -> s.get("/orders/" + s.theirKey() + "%23order%23" + s.theirOrder())),
          new Trick(
              "foreign id: below the tenant's name",
              Set.of(400, 404),
              s -> s.get("/" + s.them().name() + s.theirPath())),
          new Trick(
              "foreign id: by way of ..",
              Set.of(400, 404),
              s -> s.get("/orders/../" + s.them().name() + s.theirPath())),
          new Trick(
              "foreign id: in small letters",
              Set.of(404),
              s -> s.get(s.theirPath().toLowerCase(java.util.Locale.ROOT))),
          new Trick(
              "foreign id: with something behind it",
              Set.of(400, 404),
              s -> s.get(s.theirPath() + s.oneOf(List.of("/", "%00", "%20", ";v=1", "%0a")))));

  static final List<Trick> WRITES =
      List.of(
          Trick.of(
              "foreign id: PUT If-Match",
              404,
              s -> s.ask("PUT", s.theirPath()).with("If-Match: \"1\"").json(CHANGE)),
          Trick.of(
              "foreign id: PUT If-Match *",
              404,
              s -> s.ask("PUT", s.theirPath()).with("If-Match: *").json(CHANGE)),
          Trick.of("foreign id: PUT", 428, s -> s.ask("PUT", s.theirPath()).json(CHANGE)),
          Trick.of("foreign id: DELETE", 404, s -> s.ask("DELETE", s.theirPath())),
          Trick.of(
              "foreign id: DELETE If-Match *",
              404,
              s -> s.ask("DELETE", s.theirPath()).with("If-Match: *")),
          Trick.of("foreign id: POST", 405, s -> s.ask("POST", s.theirPath()).json(s.me().order())),
          Trick.of(
              "foreign id: PATCH", 405, s -> s.ask("PATCH", s.theirPath()).json(s.me().order())),
          Trick.of(
              "foreign key: same order",
              201,
              s -> place(s, Resident.plainOrder()).with("Idempotency-Key: " + Resident.KEY)),
          // This resident has used the key too, so another body is refused; the neighbour's has no
          // say.
          Trick.of(
              "foreign key: another order",
              422,
              s -> place(s, s.me().order()).with("Idempotency-Key: " + Resident.KEY)));

  static final List<Trick> LISTS =
      List.of(
          Trick.of(
              "foreign cursor", 200, s -> s.get("/orders?cursor=" + s.them().cursors().get(0))),
          Trick.of(
              "foreign cursor: by status",
              200,
              s -> s.get("/orders?status=placed&cursor=" + s.them().cursors().get(1))),
          Trick.of(
              "foreign cursor: by user",
              200,
              s ->
                  s.get(
                      "/orders?user=" + s.them().user() + "&cursor=" + s.them().cursors().get(2))),
          Trick.of(
              "foreign cursor: of another list",
              400,
              s -> s.get("/orders?status=paid&cursor=" + s.them().cursors().get(0))),
          Trick.of("foreign user", 200, s -> s.get("/orders?user=" + s.them().user())),
          Trick.of(
              "foreign user: twice", 400, s -> s.get("/orders?user=me&user=" + s.them().user())),
          Trick.of("same user's name", 200, s -> s.get("/orders?user=alice&limit=100")));

  private static Ask place(Scene scene, String order) {
    return scene.ask("POST", "/orders").json(order);
  }
}
