package dev.partywall.attack;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** With a neighbour's name, wherever in a request one could put it. */
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
                      s -> s.get("/orders?status=" + s.them().name())),
                  Trick.of(
                      "name in the query: limit",
                      400,
                      s -> s.get("/orders?limit=100&limit=" + s.them().name()))))
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
              "host: twice",
              Set.of(400),
              s -> s.get("/orders").with("Host: " + s.them().name() + ".orders.test")),
          new Trick(
              "host: in the target",
              Set.of(400),
              s -> s.get("http://" + s.them().name() + ".orders.test/orders")),
          new Trick(
              "host: a user in it",
              Set.of(400),
              s -> s.get("/orders").at(s.them().name() + "@localhost")));

  static final List<Trick> BODIES =
      Stream.of("tenant", "tenantId", "tenant_id", "pk", "userId", "id", "createdAt", "version")
          .map(NameTricks::member)
          .toList();

  private static Stream<Trick> field(String name) {
    var field = name.contains(":") ? name + "=" : name + ": ";
    return Stream.of(
        Trick.of(
            "name in a field: list",
            200,
            s -> s.get("/orders?limit=100").with(field + s.them().name())),
        Trick.of(
            "name in a field: GET", 404, s -> s.get(s.theirPath()).with(field + s.them().name())));
  }

  private static Trick query(String name) {
    return Trick.of(
        "name in the query", 200, s -> s.get("/orders?" + name + "=" + s.them().name()));
  }

  private static Trick host(String form, int status) {
    return Trick.of(
        "host: " + form.formatted("…"),
        status,
        s -> s.get("/orders").at(form.formatted(s.them().name())));
  }

  private static Trick member(String name) {
    return Trick.of(
        "name in the body",
        400,
        s ->
            s.ask("POST", "/orders")
                .json(
                    s.me()
                        .order()
                        .replaceFirst("\\{", "{\"" + name + "\":\"" + s.them().name() + "\",")));
  }
}
