package dev.partywall.attack;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

/** Workers that share a queue; each worker uses its own connection. */
final class AttackWorkers {
  private static final int WORKERS = 8;

  private AttackWorkers() {}

  /** Runs every attack in all {@linkplain #scenes scenes}. */
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

  /** Runs every DynamoDB call in all {@linkplain #scenes scenes}, with the attacker's client. */
  static void runCalls(AttackFixture fixture, List<CrossTenantCall> calls) throws Exception {
    var probe = fixture.responseProbe();
    forEachScene(
        scenes(fixture),
        (scene, _) -> calls.forEach(call -> probe.executeCall(call, scene)),
        fixture);
  }

  /**
   * Returns scenes in which each tenant attacks another one, and the tenants of each kind of
   * placement together attack each kind. {@link Attack} attacks random pairs of all tenants.
   */
  static List<AttackScene> scenes(AttackFixture fixture) {
    var random = new SplittableRandom(1);
    var kinds =
        List.copyOf(
            fixture.tenants().stream()
                .collect(
                    Collectors.groupingBy(
                        tenant -> fixture.placementOf(tenant).getClass(),
                        LinkedHashMap::new,
                        Collectors.toList()))
                .values());
    var scenes = new ArrayList<AttackScene>();
    for (var attackers : kinds) {
      for (var i = 0; i < attackers.size(); i++) {
        var attacker = attackers.get(i);
        // The attackers of one kind divide the kinds of targets among themselves.
        for (var kind = i % kinds.size(); kind < kinds.size(); kind += attackers.size()) {
          var targets =
              kinds.get(kind).stream().filter(target -> !target.equals(attacker)).toList();
          var target = targets.get(i % targets.size());
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
