package dev.partywall.attack;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Requests that contain the target's name in every possible place. */
final class NameTricks {
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

  private NameTricks() {}

  static final List<Trick> FIELDS_AND_QUERIES =
      Stream.concat(
              FIELDS.stream().flatMap(NameTricks::field),
              Stream.of(
                  query("tenant"),
                  query("tenant_id"),
                  query("tenantId"),
                  query("pk"),
                  query("sub"),
                  Trick.of(
                      "name in the query: status",
                      400,
                      scene -> scene.get("/orders?status=" + scene.them().name())),
                  Trick.of(
                      "name in the query: limit",
                      400,
                      scene -> scene.get("/orders?limit=100&limit=" + scene.them().name()))))
          .toList();

  static final List<Trick> HOSTS =
      List.of(
          host("%s.orders.test", 403),
          host("%s.orders.test:80", 403),
          host("%s.ORDERS.test", 403),
          host("%s.orders.test.", 403),
          host("www.%s.orders.test", 403),
          host("%s.orders.test.evil.test", 200),
          new Trick(
              "host: two Host fields",
              Set.of(400),
              scene -> scene.get("/orders").with("Host: " + scene.them().name() + ".orders.test")),
          new Trick(
              "host: absolute request target",
              Set.of(400),
              scene -> scene.get("http://" + scene.them().name() + ".orders.test/orders")),
          new Trick(
              "host: with user information",
              Set.of(400),
              scene -> scene.get("/orders").at(scene.them().name() + "@localhost")));

  static final List<Trick> BODIES =
      Stream.of("tenant", "tenantId", "tenant_id", "pk", "userId", "id", "createdAt", "version")
          .map(NameTricks::member)
          .toList();

  private static Stream<Trick> field(String name) {
    var field = name.contains(":") ? name + "=" : name + ": ";
    return Stream.of(
        Trick.of(
            "name in a header field: list",
            200,
            scene -> scene.get("/orders?limit=100").with(field + scene.them().name())),
        Trick.of(
            "name in a header field: GET",
            404,
            scene -> scene.get(scene.theirPath()).with(field + scene.them().name())));
  }

  private static Trick query(String name) {
    return Trick.of(
        "name in the query",
        200,
        scene -> scene.get("/orders?" + name + "=" + scene.them().name()));
  }

  private static Trick host(String form, int status) {
    return Trick.of(
        "host: " + form.formatted("…"),
        status,
        scene -> scene.get("/orders").at(form.formatted(scene.them().name())));
  }

  private static Trick member(String name) {
    return Trick.of(
        "name in the body",
        400,
        scene ->
            scene
                .ask("POST", "/orders")
                .json(
                    scene
                        .me()
                        .order()
                        .replaceFirst(
                            "\\{", "{\"" + name + "\":\"" + scene.them().name() + "\",")));
  }
}
