package dev.partywall.attack;

import dev.partywall.local.LocalDynamo;
import dev.partywall.observability.log.JsonLogProvider;
import dev.partywall.observability.log.SuiteLog;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.SplittableRandom;

/**
 * The long attack run and the timing measurement. Prints the seed, the attempts of each kind with
 * their outcomes, and the number of leaked bytes. Run it with {@code ./mvnw -Pattack}; {@code
 * -Dattack.attempts}, {@code -Dattack.samples} and {@code -Dattack.seed} override the defaults.
 */
public final class Attack {
  private final PrintStream console;

  private Attack(PrintStream console) {
    this.console = console;
  }

  /** Exits with status 1 on any finding. */
  public static void main(String[] args) throws Exception {
    var console = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    // The log probe reads the service's log lines. Do not print them: the run writes millions.
    System.setOut(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
    SuiteLog.capture();
    var passed = new Attack(console).run();
    System.exit(passed ? 0 : 1);
  }

  private boolean run() throws Exception {
    var seed = Long.getLong("attack.seed", new SecureRandom().nextLong());
    var attempts = Long.getLong("attack.attempts", 1_000_000);
    try (var dynamo = LocalDynamo.start();
        var fixture = new AttackFixture(dynamo)) {
      console.printf("seed %d, %,d attempts%n%n", seed, attempts);
      var start = System.nanoTime();
      new AttackRun(fixture, seed, attempts, 8).run();
      var duration = Duration.ofNanos(System.nanoTime() - start);
      checkMetrics(fixture);
      console.print(fixture.findings().summary());
      printLogSummary(fixture);
      console.printf("%,d s%n%n", duration.toSeconds());
      measureTiming(fixture, seed);
      return fixture.findings().reported().isEmpty() && SuiteLog.faults().isEmpty();
    }
  }

  private static void checkMetrics(AttackFixture fixture) {
    try (var client = new AttackHttpClient(fixture.managementPort())) {
      var metrics = client.send(ApiRequest.get("/metrics")).text();
      fixture
          .findings()
          .reportLeaks("the metrics", fixture.canaries().leaksIn(metrics, "no-tenant"));
    }
  }

  private void printLogSummary(AttackFixture fixture) throws InterruptedException {
    var flushed = JsonLogProvider.installedFactory().flush(Duration.ofSeconds(30));
    console.printf(
        "log lines read: %,d (%s), with the tenant's own canary: %,d, malformed: %d%n",
        fixture.logProbe().lineCount(),
        flushed ? "all" : "not all",
        fixture.logProbe().ownTenantLines(),
        SuiteLog.faults().size());
  }

  private void measureTiming(AttackFixture fixture, long seed) {
    var samples = Integer.getInteger("attack.samples", 5_000);
    if (samples > 0) {
      console.printf("timing, %,d samples each, interleaved:%n", samples);
      console.print(new TimingSamples(fixture, new SplittableRandom(seed), samples).summary());
    }
  }
}
