package dev.partywall.attack;

import java.util.List;
import java.util.stream.Stream;

/** What a store without its first lock does through the second: nothing, and 503 tells nothing. */
final class BuggyTricks {
  private BuggyTricks() {}

  static final List<Trick> ALL =
      Stream.of("get", "query", "first", "second", "put", "delete")
          .map(act -> Trick.of("buggy store: " + act, 503, s -> ask(s, act)))
          .toList();

  private static Ask ask(Scene scene, String act) {
    return scene
        .ask("POST", BuggyStore.ROUTE)
        .json(
            """
            {"act":"%s","of":"%s","id":"%s","document":"%s"}\
            """
                .formatted(act, scene.them().name(), scene.theirOrder(), scene.me().canary()));
  }
}
