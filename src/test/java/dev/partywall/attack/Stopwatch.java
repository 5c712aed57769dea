package dev.partywall.attack;

import java.util.random.RandomGenerator;

/** Measures whether response times reveal another tenant's orders. */
record Stopwatch(House house, RandomGenerator dice, int samples) {
  private static final String DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  private static final int WARM_UP = 2_000;

  /** Returns one line for each method and each placement of the target. */
  String figures() {
    var text = new StringBuilder();
    for (var method : new String[] {"GET", "DELETE"}) {
      for (var target : new String[] {"acme2", "globex", "initech"}) {
        var scene = new Scene(house, house.resident("acme"), house.resident(target), dice);
        text.append(compare(method, scene));
      }
    }
    return text.toString();
  }

  private String compare(String method, Scene scene) {
    try (var client = new Phone(house.port())) {
      for (var i = 0; i < WARM_UP; i++) {
        measure(client, scene, method, scene.theirOrder());
      }
      var foreign = new long[samples];
      var nonexistent = new long[samples];
      for (var i = 0; i < samples; i++) {
        // Interleaved in random order: a slowdown of the machine affects both samples.
        if (dice.nextBoolean()) {
          foreign[i] = measure(client, scene, method, scene.theirOrder());
          nonexistent[i] = measure(client, scene, method, nonexistentId(scene));
        } else {
          nonexistent[i] = measure(client, scene, method, nonexistentId(scene));
          foreign[i] = measure(client, scene, method, scene.theirOrder());
        }
      }
      return line(method, scene, foreign, nonexistent);
    }
  }

  private String line(String method, Scene scene, long[] foreign, long[] nonexistent) {
    var test = Ranks.of(foreign, nonexistent);
    return "%-6s target %-7s median %5d µs, nonexistent %5d µs; z %+.2f, share %.3f: %s%n"
        .formatted(
            method,
            scene.them().name(),
            Ranks.median(foreign) / 1_000,
            Ranks.median(nonexistent) / 1_000,
            test.z(),
            test.share(),
            Math.abs(test.z()) < 3 ? "indistinguishable" : "DISTINGUISHABLE");
  }

  private static long measure(Phone client, Scene scene, String method, String id) {
    var request = scene.ask(method, "/orders/" + id);
    var start = System.nanoTime();
    var answer = client.ask(request);
    var elapsed = System.nanoTime() - start;
    if (answer.status() != 404) {
      throw new AssertionError("expected status 404: " + answer);
    }
    return elapsed;
  }

  /** Returns an unused order id with the timestamp of one of the target's orders. */
  private String nonexistentId(Scene scene) {
    var id = new StringBuilder(scene.theirOrder().substring(0, 10));
    dice.ints(16, 0, 32).forEach(i -> id.append(DIGITS.charAt(i)));
    return id.toString();
  }
}
