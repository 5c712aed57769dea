package dev.partywall.attack;

import dev.partywall.local.LocalDynamo;
import dev.partywall.observability.JsonLoggerFactory;
import dev.partywall.observability.WholeLog;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.SplittableRandom;

/**
 * The long siege, and the measurement of time: prints its seed, what was tried, how each kind was
 * refused, and how many bytes of anybody's came out. {@code ./mvnw -Pattack}, with {@code
 * -Dattack.attempts}, {@code -Dattack.samples} and {@code -Dattack.seed} to choose others.
 */
public final class Attack {
  private final PrintStream console;

  private Attack(PrintStream console) {
    this.console = console;
  }

  /** Exits with 1 when somebody got in. */
  public static void main(String[] args) throws Exception {
    var console = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    // The service's own lines are listened to, and not shown: there are millions of them.
    System.setOut(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
    WholeLog.takeOver();
    var held = new Attack(console).run();
    System.exit(held ? 0 : 1);
  }

  private boolean run() throws Exception {
    var seed = Long.getLong("attack.seed", new SecureRandom().nextLong());
    var attempts = Long.getLong("attack.attempts", 1_000_000);
    try (var dynamo = LocalDynamo.start();
        var house = new House(dynamo)) {
      console.printf("seed %d, %,d attempts%n%n", seed, attempts);
      var start = System.nanoTime();
      new Siege(house, seed, attempts, 8).run();
      var took = Duration.ofNanos(System.nanoTime() - start);
      tellMetrics(house);
      console.print(house.findings().figures());
      tellLog(house);
      console.printf("%,d s%n%n", took.toSeconds());
      tellTime(house, seed);
      return house.findings().breaches().isEmpty() && WholeLog.faults().isEmpty();
    }
  }

  private static void tellMetrics(House house) {
    try (var phone = new Phone(house.managementPort())) {
      var metrics = phone.ask(Ask.get("/metrics")).text();
      house.findings().seen("the metrics", house.canaries().foreign(metrics, "nobody"));
    }
  }

  private void tellLog(House house) throws InterruptedException {
    var out = JsonLoggerFactory.installed().flush(Duration.ofSeconds(30));
    console.printf(
        "log lines read: %,d (%s), with the tenant's own canary: %,d, not of the form: %d%n",
        house.ear().lines(), out ? "all" : "not all", house.ear().own(), WholeLog.faults().size());
  }

  private void tellTime(House house, long seed) {
    var samples = Integer.getInteger("attack.samples", 5_000);
    if (samples > 0) {
      console.printf("time, %,d samples of each, interleaved:%n", samples);
      console.print(new Stopwatch(house, new SplittableRandom(seed), samples).figures());
    }
  }
}
