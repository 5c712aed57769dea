package dev.partywall.attack;

import java.util.random.RandomGenerator;

/** Measures whether time tells a neighbour's order from one that never was. */
record Stopwatch(House house, RandomGenerator dice, int samples) {
  private static final String DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  private static final int WARM_UP = 2_000;

  /** One line for each method and each placement of the neighbour. */
  String figures() {
    var text = new StringBuilder();
    for (var method : new String[] {"GET", "DELETE"}) {
      for (var them : new String[] {"acme2", "globex", "initech"}) {
        var scene = new Scene(house, house.resident("acme"), house.resident(them), dice);
        text.append(compared(method, scene));
      }
    }
    return text.toString();
  }

  private String compared(String method, Scene scene) {
    try (var phone = new Phone(house.port())) {
      for (var i = 0; i < WARM_UP; i++) {
        take(phone, scene, method, scene.theirOrder());
      }
      var foreign = new long[samples];
      var never = new long[samples];
      for (var i = 0; i < samples; i++) {
        // Interleaved, in an order that is drawn, so that what slows the machine slows both.
        if (dice.nextBoolean()) {
          foreign[i] = take(phone, scene, method, scene.theirOrder());
          never[i] = take(phone, scene, method, unheardOf(scene));
        } else {
          never[i] = take(phone, scene, method, unheardOf(scene));
          foreign[i] = take(phone, scene, method, scene.theirOrder());
        }
      }
      return line(method, scene, foreign, never);
    }
  }

  private String line(String method, Scene scene, long[] foreign, long[] never) {
    var ranks = Ranks.of(foreign, never);
    return "%-6s neighbour %-7s median %5d µs, never was %5d µs; z %+.2f, share %.3f: %s%n"
        .formatted(
            method,
            scene.them().name(),
            Ranks.median(foreign) / 1_000,
            Ranks.median(never) / 1_000,
            ranks.z(),
            ranks.share(),
            Math.abs(ranks.z()) < 3 ? "not told apart" : "TOLD APART");
  }

  private static long take(Phone phone, Scene scene, String method, String id) {
    var ask = scene.ask(method, "/orders/" + id);
    var start = System.nanoTime();
    var answer = phone.ask(ask);
    var took = System.nanoTime() - start;
    if (answer.status() != 404) {
      throw new AssertionError("not 404: " + answer);
    }
    return took;
  }

  /** A name from the same second as one of the neighbour's. */
  private String unheardOf(Scene scene) {
    var name = new StringBuilder(scene.theirOrder().substring(0, 10));
    dice.ints(16, 0, 32).forEach(i -> name.append(DIGITS.charAt(i)));
    return name.toString();
  }
}
