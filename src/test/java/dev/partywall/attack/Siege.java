package dev.partywall.attack;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * Randomized attacks of all kinds, mixed with ordinary order traffic. The same seed gives every
 * worker the same sequence of attacks, though with different timing.
 */
record Siege(House house, long seed, long attempts, int members) {
  /** All attacks over HTTP. */
  static final List<Trick> TRICKS =
      Stream.of(
              OrderTricks.READS,
              OrderTricks.WRITES,
              OrderTricks.LISTS,
              NameTricks.FIELDS_AND_QUERIES,
              NameTricks.HOSTS,
              NameTricks.BODIES,
              TokenTricks.CLAIMS,
              TokenTricks.FORGERIES,
              TokenTricks.SCOPES,
              UsageTricks.ALL,
              BurglarTricks.ALL,
              BuggyTricks.ALL)
          .flatMap(List::stream)
          .toList();

  /** All attacks with a tenant's own DynamoDB client. */
  static final List<Prying> PRYINGS =
      Stream.of(
              WallTricks.ITEMS,
              WallTricks.QUERIES,
              MixedTricks.BATCHES,
              MixedTricks.PARTIQL,
              TableTricks.ALL)
          .flatMap(List::stream)
          .toList();

  void run() throws Exception {
    var root = new SplittableRandom(seed);
    var randoms = Stream.generate(root::split).limit(members).toList();
    Gang.run(
        members,
        worker -> {
          try (var client = new Phone(house.port())) {
            new Worker(worker, client, randoms.get(worker)).runAll();
          }
        });
    house.takeStock();
  }

  /** The sequence of attacks of one worker. */
  private final class Worker {
    private final int worker;
    private final Phone client;
    private final RandomGenerator random;
    private final Map<String, Shopper> trafficByTenant = new HashMap<>();

    Worker(int worker, Phone client, RandomGenerator random) {
      this.worker = worker;
      this.client = client;
      this.random = random;
    }

    void runAll() {
      for (var step = 0L; step < attempts / members; step++) {
        try {
          step();
        } catch (RuntimeException e) {
          house.findings().breach("worker " + worker + " at step " + step + ": " + e);
        }
      }
    }

    private void step() {
      var scene = scene();
      if (random.nextInt(5) == 0) {
        traffic(scene.them()).step();
      }
      if (random.nextInt(10) < 7) {
        house.eye().tries(scene.oneOf(TRICKS), scene, client);
      } else {
        house.eye().pries(scene.oneOf(PRYINGS), scene);
      }
    }

    private Scene scene() {
      var all = house.residents();
      var attacker = random.nextInt(all.size());
      var target = (attacker + 1 + random.nextInt(all.size() - 1)) % all.size();
      return new Scene(house, all.get(attacker), all.get(target), random);
    }

    private Shopper traffic(Resident tenant) {
      return trafficByTenant.computeIfAbsent(
          tenant.name(), _ -> new Shopper(house, tenant, "shopper-" + worker, client, random));
    }
  }
}
