package dev.partywall.attack;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;

/** Several who work through the same list, each on a connection of his own. */
final class Gang {
  private static final int MEMBERS = 8;

  private Gang() {}

  /** Tries each of the tricks on each ordered pair of residents. */
  static void trick(House house, List<Trick> tricks) throws Exception {
    var eye = house.eye();
    each(scenes(house), (scene, phone) -> tricks.forEach(it -> eye.tries(it, scene, phone)), house);
  }

  /** Likewise by the tenants' own clients. */
  static void pry(House house, List<Prying> pryings) throws Exception {
    var eye = house.eye();
    each(scenes(house), (scene, _) -> pryings.forEach(it -> eye.pries(it, scene)), house);
  }

  static List<Scene> scenes(House house) {
    var dice = new SplittableRandom(1);
    var scenes = new ArrayList<Scene>();
    for (var me : house.residents()) {
      for (var them : house.residents()) {
        if (!me.equals(them)) {
          scenes.add(new Scene(house, me, them, dice.split()));
        }
      }
    }
    return scenes;
  }

  private static void each(List<Scene> scenes, BiConsumer<Scene, Phone> work, House house)
      throws Exception {
    var queue = new ConcurrentLinkedQueue<>(scenes);
    run(
        MEMBERS,
        _ -> {
          try (var phone = new Phone(house.port())) {
            for (var scene = queue.poll(); scene != null; scene = queue.poll()) {
              work.accept(scene, phone);
            }
          }
        });
  }

  /** One member's work. */
  @FunctionalInterface
  interface Work {
    void run(int member) throws Exception;
  }

  /** Lets so many work at once, and throws what any of them has thrown. */
  static void run(int members, Work work) throws Exception {
    var futures = new ArrayList<Future<?>>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var i = 0; i < members; i++) {
        var member = i;
        futures.add(
            threads.submit(() -> {
              work.run(member);
              return null;
            }));
      }
    }
    for (var future : futures) {
      try {
        future.get();
      } catch (ExecutionException e) {
        throw new AssertionError("a member failed", e.getCause());
      }
    }
  }
}
