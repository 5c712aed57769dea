package dev.partywall.attack;

import java.util.List;
import java.util.Set;

/** Attempts to read another tenant's usage, which reveals its business volume. */
final class UsageTricks {
  private static final String SCOPE = "usage:read";

  private UsageTricks() {}

  static final List<Trick> ALL =
      List.of(
          Trick.of("usage", 200, scene -> get(scene, "/usage")),
          Trick.of(
              "usage: of a tenant",
              200,
              scene -> get(scene, "/usage?tenant=" + scene.them().name())),
          Trick.of("usage: of a key", 200, scene -> get(scene, "/usage?pk=" + scene.theirKey())),
          Trick.of(
              "usage: name in a header field",
              200,
              scene -> get(scene, "/usage").with("X-Tenant-Id: " + scene.them().name())),
          Trick.of(
              "usage: from a key", 400, scene -> get(scene, "/usage?from=" + scene.theirKey())),
          Trick.of(
              "usage: granularity",
              400,
              scene -> get(scene, "/usage?granularity=" + scene.them().name())),
          Trick.of(
              "usage: name as a path segment",
              404,
              scene -> get(scene, "/usage/" + scene.them().name())),
          new Trick(
              "usage: by the registry path",
              Set.of(403, 404),
              scene -> get(scene, targetUsage(scene))),
          Trick.of("usage: without the scope", 403, scene -> scene.get("/usage")),
          Trick.of(
              "usage: at the target's host",
              403,
              scene -> get(scene, "/usage").at(scene.them().name() + "." + House.DOMAIN)));

  private static String targetUsage(Scene scene) {
    return "/tenants/" + scene.them().name() + "/usage";
  }

  private static Ask get(Scene scene, String target) {
    var token = scene.house().tokens().of(scene.me().name(), Resident.ALICE, SCOPE);
    return Ask.get(target).as(token);
  }
}
