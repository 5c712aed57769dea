package dev.partywall.attack;

import java.util.List;
import java.util.Set;

/** Requests with the target's order ids, cursors, idempotency keys, entity tags and users. */
final class OrderAttacks {
  private static final String CHANGE =
      """
      {"currency":"EUR","items":[{"sku":"A","name":"A","quantity":1,"unitPrice":1}],"status":"cancelled"}\
      """;

  private OrderAttacks() {}

  static final List<AttackCase> READS =
      List.of(
          AttackCase.of("foreign id: GET", 404, scene -> scene.get(scene.targetPath())),
          AttackCase.of(
              "foreign id: HEAD", 404, scene -> scene.request("HEAD", scene.targetPath())),
          AttackCase.of(
              "foreign id: GET If-None-Match",
              404,
              scene -> scene.get(scene.targetPath()).withHeader("If-None-Match: \"1\"")),
          AttackCase.of(
              "foreign id: GET If-None-Match *",
              404,
              scene -> scene.get(scene.targetPath()).withHeader("If-None-Match: *")),
          AttackCase.of(
              "foreign id: GET If-Match *",
              404,
              scene -> scene.get(scene.targetPath()).withHeader("If-Match: *")),
          new AttackCase(
              "foreign id: with a partition key",
              Set.of(400, 404),
              scene ->
                  scene.get("/orders/" + scene.targetKey() + "%23order%23" + scene.targetOrder())),
          new AttackCase(
              "foreign id: after the tenant's name",
              Set.of(400, 404),
              scene -> scene.get("/" + scene.target().name() + scene.targetPath())),
          new AttackCase(
              "foreign id: path traversal",
              Set.of(400, 404),
              scene -> scene.get("/orders/../" + scene.target().name() + scene.targetPath())),
          new AttackCase(
              "foreign id: lower case",
              Set.of(404),
              scene -> scene.get(scene.targetPath().toLowerCase(java.util.Locale.ROOT))),
          new AttackCase(
              "foreign id: with a suffix",
              Set.of(400, 404),
              scene ->
                  scene.get(
                      scene.targetPath() + scene.pick(List.of("/", "%00", "%20", ";v=1", "%0a")))));

  static final List<AttackCase> WRITES =
      List.of(
          AttackCase.of(
              "foreign id: PUT If-Match",
              404,
              scene ->
                  scene
                      .request("PUT", scene.targetPath())
                      .withHeader("If-Match: \"1\"")
                      .withJson(CHANGE)),
          AttackCase.of(
              "foreign id: PUT If-Match *",
              404,
              scene ->
                  scene
                      .request("PUT", scene.targetPath())
                      .withHeader("If-Match: *")
                      .withJson(CHANGE)),
          AttackCase.of(
              "foreign id: PUT",
              428,
              scene -> scene.request("PUT", scene.targetPath()).withJson(CHANGE)),
          AttackCase.of(
              "foreign id: DELETE", 404, scene -> scene.request("DELETE", scene.targetPath())),
          AttackCase.of(
              "foreign id: DELETE If-Match *",
              404,
              scene -> scene.request("DELETE", scene.targetPath()).withHeader("If-Match: *")),
          AttackCase.of(
              "foreign id: POST",
              405,
              scene ->
                  scene.request("POST", scene.targetPath()).withJson(scene.attacker().orderJson())),
          AttackCase.of(
              "foreign id: PATCH",
              405,
              scene ->
                  scene
                      .request("PATCH", scene.targetPath())
                      .withJson(scene.attacker().orderJson())),
          AttackCase.of(
              "foreign key: same order",
              201,
              scene ->
                  place(scene, SeededTenant.plainOrderJson())
                      .withHeader("Idempotency-Key: " + SeededTenant.IDEMPOTENCY_KEY)),
          // The attacker has used the same key, so a different body is rejected. The target's use
          // of the key has no effect.
          AttackCase.of(
              "foreign key: another order",
              422,
              scene ->
                  place(scene, scene.attacker().orderJson())
                      .withHeader("Idempotency-Key: " + SeededTenant.IDEMPOTENCY_KEY)));

  static final List<AttackCase> LISTS =
      List.of(
          AttackCase.of(
              "foreign cursor",
              200,
              scene -> scene.get("/orders?cursor=" + scene.target().cursors().get(0))),
          AttackCase.of(
              "foreign cursor: by status",
              200,
              scene ->
                  scene.get("/orders?status=placed&cursor=" + scene.target().cursors().get(1))),
          AttackCase.of(
              "foreign cursor: by user",
              200,
              scene ->
                  scene.get(
                      "/orders?user="
                          + scene.target().uniqueUser()
                          + "&cursor="
                          + scene.target().cursors().get(2))),
          AttackCase.of(
              "foreign cursor: different filter",
              400,
              scene -> scene.get("/orders?status=paid&cursor=" + scene.target().cursors().get(0))),
          AttackCase.of(
              "foreign user",
              200,
              scene -> scene.get("/orders?user=" + scene.target().uniqueUser())),
          AttackCase.of(
              "foreign user: twice",
              400,
              scene -> scene.get("/orders?user=me&user=" + scene.target().uniqueUser())),
          AttackCase.of("same user name", 200, scene -> scene.get("/orders?user=alice&limit=100")));

  private static ApiRequest place(AttackScene scene, String order) {
    return scene.request("POST", "/orders").withJson(order);
  }
}
