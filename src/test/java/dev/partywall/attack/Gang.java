package dev.partywall.attack;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;

/** Workers that share a queue; each worker uses its own connection. */
final class Gang {
  private static final int WORKERS = 8;

  private Gang() {}

  /** Runs every attack on every ordered pair of tenants. */
  static void trick(House fixture, List<Trick> attacks) throws Exception {
    var probe = fixture.eye();
    forEachScene(
        scenes(fixture),
        (scene, client) -> attacks.forEach(attack -> probe.tries(attack, scene, client)),
        fixture);
  }

  /** Runs every DynamoDB call on every ordered pair of tenants, with the attacker's client. */
  static void pry(House fixture, List<Prying> calls) throws Exception {
    var probe = fixture.eye();
    forEachScene(
        scenes(fixture), (scene, _) -> calls.forEach(call -> probe.pries(call, scene)), fixture);
  }

  static List<Scene> scenes(House fixture) {
    var random = new SplittableRandom(1);
    var scenes = new ArrayList<Scene>();
    for (var attacker : fixture.residents()) {
      for (var target : fixture.residents()) {
        if (!attacker.equals(target)) {
          scenes.add(new Scene(fixture, attacker, target, random.split()));
        }
      }
    }
    return scenes;
  }

  private static void forEachScene(List<Scene> scenes, BiConsumer<Scene, Phone> work, House fixture)
      throws Exception {
    var queue = new ConcurrentLinkedQueue<>(scenes);
    run(
        WORKERS,
        _ -> {
          try (var client = new Phone(fixture.port())) {
            for (var scene = queue.poll(); scene != null; scene = queue.poll()) {
              work.accept(scene, client);
            }
          }
        });
  }

  /** The work of one worker. */
  @FunctionalInterface
  interface Work {
    void run(int worker) throws Exception;
  }

  /** Runs the work on the given number of threads. Throws if a worker failed. */
  static void run(int workers, Work work) throws Exception {
    var futures = new ArrayList<Future<?>>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var i = 0; i < workers; i++) {
        var worker = i;
        futures.add(
            threads.submit(() -> {
              work.run(worker);
              return null;
            }));
      }
    }
    for (var future : futures) {
      try {
        future.get();
      } catch (ExecutionException e) {
        throw new AssertionError("a worker failed", e.getCause());
      }
    }
  }
}
