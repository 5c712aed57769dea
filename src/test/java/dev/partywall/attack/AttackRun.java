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
record AttackRun(AttackFixture fixture, long seed, long attempts, int workers) {
  /** The import is the target of one in this number of attacks, like each of the tenants. */
  private static final int IMPORT_INTERVAL = 11;

  /** All attacks over HTTP, except those on the operators' routes that the service describes. */
  static final List<AttackCase> HTTP_ATTACKS =
      Stream.of(
              OrderAttacks.READS,
              OrderAttacks.WRITES,
              OrderAttacks.LISTS,
              NameAttacks.FIELDS_AND_QUERIES,
              NameAttacks.HOSTS,
              NameAttacks.BODIES,
              TokenAttacks.CLAIMS,
              TokenAttacks.FORGERIES,
              TokenAttacks.SCOPES,
              UsageAttacks.ALL,
              OperatorAttacks.ALL,
              IssuerAttacks.ALL,
              HostileCodeAttacks.ALL,
              BuggyCodeAttacks.ALL)
          .flatMap(List::stream)
          .toList();

  /**
   * The attacks over HTTP on a tenant with a running import: another tenant has no cursor of a list
   * of its user.
   */
  static final List<AttackCase> ATTACKS_ON_IMPORT =
      HTTP_ATTACKS.stream()
          .filter(attack -> !attack.kind().equals("foreign cursor: by user"))
          .toList();

  /** All attacks with a tenant's own DynamoDB client. */
  static final List<CrossTenantCall> DYNAMO_CALLS =
      Stream.of(
              PolicyAttacks.ITEMS,
              PolicyAttacks.QUERIES,
              MixedAttacks.BATCHES,
              MixedAttacks.PARTIQL,
              TableAttacks.ALL)
          .flatMap(List::stream)
          .toList();

  void run() throws Exception {
    var root = new SplittableRandom(seed);
    var randoms = Stream.generate(root::split).limit(workers).toList();
    AttackWorkers.run(
        workers,
        worker -> {
          try (var client = new AttackHttpClient(fixture.port())) {
            new Worker(worker, client, randoms.get(worker)).runAll();
          }
        });
    fixture.checkTables();
  }

  /** The sequence of attacks of one worker. */
  private final class Worker {
    private final int worker;
    private final AttackHttpClient client;
    private final RandomGenerator random;
    private final Map<String, OrderTraffic> trafficByTenant = new HashMap<>();

    Worker(int worker, AttackHttpClient client, RandomGenerator random) {
      this.worker = worker;
      this.client = client;
      this.random = random;
    }

    void runAll() {
      for (var step = 0L; step < attempts / workers; step++) {
        try {
          step();
        } catch (RuntimeException e) {
          fixture.findings().report("worker " + worker + " at step " + step + ": " + e);
        }
      }
    }

    private void step() {
      var importing = random.nextInt(IMPORT_INTERVAL) == 0;
      var scene = importing ? importScene() : scene();
      if (!importing && random.nextInt(5) == 0) {
        traffic(scene.target()).step();
      }
      var kind = random.nextInt(10);
      if (kind == 0) {
        fixture.responseProbe().execute(scene.pick(fixture.operatorRoutes()), scene, client);
      } else if (kind < 7) {
        fixture
            .responseProbe()
            .execute(scene.pick(importing ? ATTACKS_ON_IMPORT : HTTP_ATTACKS), scene, client);
      } else {
        fixture.responseProbe().executeCall(scene.pick(DYNAMO_CALLS), scene);
      }
    }

    private AttackScene scene() {
      var all = fixture.tenants();
      var attacker = random.nextInt(all.size());
      var target = (attacker + 1 + random.nextInt(all.size() - 1)) % all.size();
      return new AttackScene(fixture, all.get(attacker), all.get(target), random);
    }

    /** Any tenant attacks the one with a running import. */
    private AttackScene importScene() {
      var all = fixture.tenants();
      return new AttackScene(
          fixture, all.get(random.nextInt(all.size())), fixture.importingTarget(), random);
    }

    private OrderTraffic traffic(SeededTenant tenant) {
      return trafficByTenant.computeIfAbsent(
          tenant.name(),
          _ -> new OrderTraffic(fixture, tenant, "shopper-" + worker, client, random));
    }
  }
}
