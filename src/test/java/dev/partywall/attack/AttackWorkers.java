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
final class AttackWorkers {
  private static final int WORKERS = 8;

  private AttackWorkers() {}

  /** Runs every attack on every ordered pair of tenants. */
  static void runAttacks(AttackFixture fixture, List<AttackCase> attacks) throws Exception {
    runAttacks(fixture, scenes(fixture), attacks);
  }

  /** Runs every attack in these scenes. */
  static void runAttacks(AttackFixture fixture, List<AttackScene> scenes, List<AttackCase> attacks)
      throws Exception {
    var probe = fixture.responseProbe();
    forEachScene(
        scenes,
        (scene, client) -> attacks.forEach(attack -> probe.execute(attack, scene, client)),
        fixture);
  }

  /** Runs every DynamoDB call on every ordered pair of tenants, with the attacker's client. */
  static void runCalls(AttackFixture fixture, List<CrossTenantCall> calls) throws Exception {
    var probe = fixture.responseProbe();
    forEachScene(
        scenes(fixture),
        (scene, _) -> calls.forEach(call -> probe.executeCall(call, scene)),
        fixture);
  }

  static List<AttackScene> scenes(AttackFixture fixture) {
    var random = new SplittableRandom(1);
    var scenes = new ArrayList<AttackScene>();
    for (var attacker : fixture.tenants()) {
      for (var target : fixture.tenants()) {
        if (!attacker.equals(target)) {
          scenes.add(new AttackScene(fixture, attacker, target, random.split()));
        }
      }
    }
    return scenes;
  }

  private static void forEachScene(
      List<AttackScene> scenes,
      BiConsumer<AttackScene, AttackHttpClient> work,
      AttackFixture fixture)
      throws Exception {
    var queue = new ConcurrentLinkedQueue<>(scenes);
    run(
        WORKERS,
        _ -> {
          try (var client = new AttackHttpClient(fixture.port())) {
            for (var scene = queue.poll(); scene != null; scene = queue.poll()) {
              work.accept(scene, client);
            }
          }
        });
  }

  /** The work of one worker. */
  @FunctionalInterface
  interface WorkerTask {
    void run(int worker) throws Exception;
  }

  /** Runs the work on the given number of threads. Throws if a worker failed. */
  static void run(int workers, WorkerTask work) throws Exception {
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
