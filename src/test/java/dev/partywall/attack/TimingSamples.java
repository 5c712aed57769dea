package dev.partywall.attack;

import java.util.random.RandomGenerator;

/** Measures whether response times reveal another tenant's orders. */
record TimingSamples(AttackFixture fixture, RandomGenerator random, int sampleCount) {
  private static final String DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  private static final int WARM_UP = 2_000;

  /** Returns one line for each method and each placement of the target. */
  String summary() {
    var text = new StringBuilder();
    for (var method : new String[] {"GET", "DELETE"}) {
      for (var target : new String[] {"acme2", "globex", "initech"}) {
        var scene =
            new AttackScene(fixture, fixture.tenant("acme"), fixture.tenant(target), random);
        text.append(compare(method, scene));
      }
    }
    return text.toString();
  }

  private String compare(String method, AttackScene scene) {
    try (var client = new AttackHttpClient(fixture.port())) {
      for (var i = 0; i < WARM_UP; i++) {
        measure(client, scene, method, scene.targetOrder());
      }
      var foreign = new long[sampleCount];
      var nonexistent = new long[sampleCount];
      for (var i = 0; i < sampleCount; i++) {
        // Interleaved in random order: a slowdown of the machine affects both samples.
        if (random.nextBoolean()) {
          foreign[i] = measure(client, scene, method, scene.targetOrder());
          nonexistent[i] = measure(client, scene, method, nonexistentId(scene));
        } else {
          nonexistent[i] = measure(client, scene, method, nonexistentId(scene));
          foreign[i] = measure(client, scene, method, scene.targetOrder());
        }
      }
      return line(method, scene, foreign, nonexistent);
    }
  }

  private String line(String method, AttackScene scene, long[] foreign, long[] nonexistent) {
    var test = RankTest.of(foreign, nonexistent);
    return "%-6s target %-7s median %5d µs, nonexistent %5d µs; z %+.2f, share %.3f: %s%n"
        .formatted(
            method,
            scene.target().name(),
            RankTest.median(foreign) / 1_000,
            RankTest.median(nonexistent) / 1_000,
            test.z(),
            test.superiority(),
            Math.abs(test.z()) < 3 ? "indistinguishable" : "DISTINGUISHABLE");
  }

  private static long measure(
      AttackHttpClient client, AttackScene scene, String method, String id) {
    var request = scene.request(method, "/orders/" + id);
    var start = System.nanoTime();
    var answer = client.send(request);
    var elapsed = System.nanoTime() - start;
    if (answer.status() != 404) {
      throw new AssertionError("expected status 404: " + answer);
    }
    return elapsed;
  }

  /** Returns an unused order id with the timestamp of one of the target's orders. */
  private String nonexistentId(AttackScene scene) {
    var id = new StringBuilder(scene.targetOrder().substring(0, 10));
    random.ints(16, 0, 32).forEach(i -> id.append(DIGITS.charAt(i)));
    return id.toString();
  }
}
