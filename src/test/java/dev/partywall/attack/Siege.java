package dev.partywall.attack;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * Random walks through everything that can be tried, between them users who go on with their lives.
 * The same seed makes every member try the same, though not at the same moments.
 */
record Siege(House house, long seed, long attempts, int members) {
  /** All that is tried over HTTP. */
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

  /** All that is tried by a tenant's own client. */
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
    var dice = Stream.generate(root::split).limit(members).toList();
    Gang.run(
        members,
        member -> {
          try (var phone = new Phone(house.port())) {
            new Walk(member, phone, dice.get(member)).go();
          }
        });
    house.takeStock();
  }

  /** One member's way. */
  private final class Walk {
    private final int member;
    private final Phone phone;
    private final RandomGenerator dice;
    private final Map<String, Shopper> shoppers = new HashMap<>();

    Walk(int member, Phone phone, RandomGenerator dice) {
      this.member = member;
      this.phone = phone;
      this.dice = dice;
    }

    void go() {
      for (var step = 0L; step < attempts / members; step++) {
        try {
          step();
        } catch (RuntimeException e) {
          house.findings().breach("member " + member + " at step " + step + ": " + e);
        }
      }
    }

    private void step() {
      var scene = scene();
      if (dice.nextInt(5) == 0) {
        shopper(scene.them()).step();
      }
      if (dice.nextInt(10) < 7) {
        house.eye().tries(scene.oneOf(TRICKS), scene, phone);
      } else {
        house.eye().pries(scene.oneOf(PRYINGS), scene);
      }
    }

    private Scene scene() {
      var all = house.residents();
      var me = dice.nextInt(all.size());
      var them = (me + 1 + dice.nextInt(all.size() - 1)) % all.size();
      return new Scene(house, all.get(me), all.get(them), dice);
    }

    private Shopper shopper(Resident resident) {
      return shoppers.computeIfAbsent(
          resident.name(), _ -> new Shopper(house, resident, "shopper-" + member, phone, dice));
    }
  }
}
