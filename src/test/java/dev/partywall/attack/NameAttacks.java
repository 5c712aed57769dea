package dev.partywall.attack;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Requests that contain the target's name in every possible place. */
final class NameAttacks {
  private static final List<String> FIELDS =
      List.of(
          "X-Tenant-Id",
          "X-Tenant",
          "Tenant",
          "Tenant-Id",
          "X-Org-Id",
          "X-Amzn-Oidc-Identity",
          "X-Forwarded-User",
          "X-Forwarded-Host",
          "X-Original-Host",
          "X-Remote-User",
          "Cookie: tenant",
          "Baggage: tenant.id");

  private NameAttacks() {}

  static final List<AttackCase> FIELDS_AND_QUERIES =
      Stream.concat(
              FIELDS.stream().flatMap(NameAttacks::field),
              Stream.of(
                  query("tenant"),
                  query("tenant_id"),
                  query("tenantId"),
                  query("pk"),
                  query("sub"),
                  AttackCase.of(
                      "name in the query: status",
                      400,
                      scene -> scene.get("/orders?status=" + scene.target().name())),
                  AttackCase.of(
                      "name in the query: limit",
                      400,
                      scene -> scene.get("/orders?limit=100&limit=" + scene.target().name()))))
          .toList();

  static final List<AttackCase> HOSTS =
      List.of(
          host("%s.orders.test", 403),
          host("%s.orders.test:80", 403),
          host("%s.ORDERS.test", 403),
          host("%s.orders.test.", 403),
          host("www.%s.orders.test", 403),
          host("%s.orders.test.evil.test", 200),
          new AttackCase(
              "host: two Host fields",
              Set.of(400),
              scene ->
                  scene
                      .get("/orders")
                      .withHeader("Host: " + scene.target().name() + ".orders.test")),
          absoluteTarget("http://%s.orders.test/orders", 403),
          absoluteTarget("HTTPS://%S.Orders.Test.:/orders", 403),
          absoluteTarget("http://%s@localhost/orders", 400),
          new AttackCase(
              "host: replaced by an absolute request target",
              Set.of(200),
              scene ->
                  scene
                      .get("http://localhost/orders")
                      .withHost(scene.target().name() + ".orders.test")),
          new AttackCase(
              "host: with user information",
              Set.of(400),
              scene -> scene.get("/orders").withHost(scene.target().name() + "@localhost")));

  static final List<AttackCase> BODIES =
      Stream.of("tenant", "tenantId", "tenant_id", "pk", "userId", "id", "createdAt", "version")
          .map(NameAttacks::member)
          .toList();

  private static Stream<AttackCase> field(String name) {
    var field = name.contains(":") ? name + "=" : name + ": ";
    return Stream.of(
        AttackCase.of(
            "name in a header field: list",
            200,
            scene -> scene.get("/orders?limit=100").withHeader(field + scene.target().name())),
        AttackCase.of(
            "name in a header field: GET",
            404,
            scene -> scene.get(scene.targetPath()).withHeader(field + scene.target().name())));
  }

  private static AttackCase query(String name) {
    return AttackCase.of(
        "name in the query",
        400,
        scene -> scene.get("/orders?" + name + "=" + scene.target().name()));
  }

  private static AttackCase host(String form, int status) {
    return AttackCase.of(
        "host: " + form.formatted("…"),
        status,
        scene -> scene.get("/orders").withHost(form.formatted(scene.target().name())));
  }

  private static AttackCase absoluteTarget(String form, int status) {
    return AttackCase.of(
        "host: absolute request target " + form.formatted("…"),
        status,
        scene -> scene.get(form.formatted(scene.target().name())));
  }

  private static AttackCase member(String name) {
    return AttackCase.of(
        "name in the body",
        400,
        scene ->
            scene
                .request("POST", "/orders")
                .withJson(
                    scene
                        .attacker()
                        .orderJson()
                        .replaceFirst(
                            "\\{", "{\"" + name + "\":\"" + scene.target().name() + "\",")));
  }
}
