package dev.partywall.attack;

import java.util.List;
import java.util.Set;

/** Attempts to read another tenant's usage, which reveals its business volume. */
final class UsageAttacks {
  private static final String SCOPE = "usage:read";

  private UsageAttacks() {}

  static final List<AttackCase> ALL =
      List.of(
          AttackCase.of("usage", 200, scene -> get(scene, "/usage")),
          AttackCase.of(
              "usage: of a tenant",
              400,
              scene -> get(scene, "/usage?tenant=" + scene.target().name())),
          AttackCase.of(
              "usage: of a key", 400, scene -> get(scene, "/usage?pk=" + scene.targetKey())),
          AttackCase.of(
              "usage: name in a header field",
              200,
              scene -> get(scene, "/usage").withHeader("X-Tenant-Id: " + scene.target().name())),
          AttackCase.of(
              "usage: from a key", 400, scene -> get(scene, "/usage?from=" + scene.targetKey())),
          AttackCase.of(
              "usage: granularity",
              400,
              scene -> get(scene, "/usage?granularity=" + scene.target().name())),
          AttackCase.of(
              "usage: name as a path segment",
              404,
              scene -> get(scene, "/usage/" + scene.target().name())),
          new AttackCase(
              "usage: by the registry path",
              Set.of(403, 404),
              scene -> get(scene, targetUsage(scene))),
          AttackCase.of("tenant", 200, scene -> scene.get("/tenant")),
          AttackCase.of(
              "tenant: of a tenant",
              400,
              scene -> scene.get("/tenant?id=" + scene.target().name())),
          AttackCase.of(
              "tenant: name as a path segment",
              404,
              scene -> scene.get("/tenant/" + scene.target().name())),
          AttackCase.of("usage: without the scope", 403, scene -> scene.get("/usage")),
          AttackCase.of(
              "usage: at the target's host",
              403,
              scene ->
                  get(scene, "/usage")
                      .withHost(scene.target().name() + "." + AttackFixture.TENANT_DOMAIN)));

  private static String targetUsage(AttackScene scene) {
    return "/tenants/" + scene.target().name() + "/usage";
  }

  private static ApiRequest get(AttackScene scene, String target) {
    var token =
        scene.fixture().tokens().of(scene.attacker().name(), SeededTenant.COMMON_USER, SCOPE);
    return ApiRequest.get(target).withToken(token);
  }
}
