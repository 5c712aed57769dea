package dev.partywall.attack;

import java.util.List;
import java.util.Set;

/** What a neighbour has used, and so how its business goes. */
final class UsageTricks {
  private static final String SCOPE = "usage:read";

  private UsageTricks() {}

  static final List<Trick> ALL =
      List.of(
          Trick.of("usage", 200, s -> get(s, "/usage")),
          Trick.of("usage: of a tenant", 200, s -> get(s, "/usage?tenant=" + s.them().name())),
          Trick.of("usage: of a key", 200, s -> get(s, "/usage?pk=" + s.theirKey())),
          Trick.of(
              "usage: a name in a field",
              200,
              s -> get(s, "/usage").with("X-Tenant-Id: " + s.them().name())),
          Trick.of("usage: from a key", 400, s -> get(s, "/usage?from=" + s.theirKey())),
          Trick.of("usage: granularity", 400, s -> get(s, "/usage?granularity=" + s.them().name())),
          Trick.of("usage: below a name", 404, s -> get(s, "/usage/" + s.them().name())),
          new Trick("usage: of the registry's", Set.of(403, 404), s -> get(s, theirs(s))),
          Trick.of("usage: without the scope", 403, s -> s.get("/usage")),
          Trick.of(
              "usage: at the neighbour's host",
              403,
              s -> get(s, "/usage").at(s.them().name() + "." + House.DOMAIN)));

  private static String theirs(Scene scene) {
    return "/tenants/" + scene.them().name() + "/usage";
  }

  private static Ask get(Scene scene, String target) {
    var token = scene.house().tokens().of(scene.me().name(), Resident.ALICE, SCOPE);
    return Ask.get(target).as(token);
  }
}
