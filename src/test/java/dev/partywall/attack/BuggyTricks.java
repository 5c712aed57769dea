package dev.partywall.attack;

import java.util.List;
import java.util.stream.Stream;

/** Requests to a store without isolation layer 1. Layer 2 rejects each: 503, without details. */
final class BuggyTricks {
  private BuggyTricks() {}

  static final List<Trick> ALL =
      Stream.of("get", "query", "first", "second", "put", "delete")
          .map(action -> Trick.of("buggy store: " + action, 503, scene -> request(scene, action)))
          .toList();

  private static Ask request(Scene scene, String action) {
    return scene
        .ask("POST", BuggyStore.ROUTE)
        .json(
            """
            {"action":"%s","tenant":"%s","id":"%s","document":"%s"}\
            """
                .formatted(action, scene.them().name(), scene.theirOrder(), scene.me().canary()));
  }
}
