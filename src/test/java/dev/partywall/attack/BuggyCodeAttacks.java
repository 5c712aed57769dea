package dev.partywall.attack;

import java.util.List;
import java.util.stream.Stream;

/** Requests to a store without isolation layer 1. Layer 2 rejects each: 503, without details. */
final class BuggyCodeAttacks {
  private BuggyCodeAttacks() {}

  static final List<AttackCase> ALL =
      Stream.of("get", "query", "first", "second", "put", "delete")
          .map(action ->
              AttackCase.of("buggy store: " + action, 503, scene -> request(scene, action)))
          .toList();

  private static ApiRequest request(AttackScene scene, String action) {
    return scene
        .request("POST", BuggyStore.ROUTE)
        .withJson(
            """
            {"action":"%s","tenant":"%s","id":"%s","document":"%s"}\
            """
                .formatted(
                    action, scene.target().name(), scene.targetOrder(), scene.attacker().canary()));
  }
}
