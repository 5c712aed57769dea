package dev.partywall.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a request costs here and elsewhere: measures it, compares it, and keeps the record. */
public final class Bench {
  private Bench() {}

  /**
   * {@code Bench ROOT COMMAND STORAGE [SERVICES]}: the repository's root; {@code smoke}, {@code
   * quick} or {@code full} to measure, {@code compare} or {@code record} for what was measured
   * last, {@code scale} or {@code scale-smoke} for tenants, connections and overload; how the
   * peers' orders are stored; and whom to measure, or which parts of the scale.
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    Children.endWithUs();
    var places = new Places(Path.of(args[0]).toAbsolutePath().normalize());
    var services = args.length > 3 ? args[3] : "";
    switch (args[1]) {
      case "compare" -> compare(places);
      case "record" -> new Keeper(places).keep();
      case "scale" -> new Scale(places, new Length(1)).run(services);
      case "scale-smoke" -> new Scale(places, new Length(10)).run(services);
      default -> measure(places, Plan.named(args[1], args[2], services));
    }
  }

  private static void measure(Places places, Plan plan) throws IOException, InterruptedException {
    try (var stub = StubProcess.start(places)) {
      var results = new SideBySide(places, plan, stub).run();
      results.write(places.results());
      Files.writeString(places.newChart(), new Chart(results).toString());
      System.out.println("\n" + new Table(results));
      System.out.println("Written: " + places.results() + "\n         " + places.newChart());
    }
  }

  /** Fails where something got worse, and where nothing could be compared. */
  private static void compare(Places places) throws IOException {
    var guard = Guard.of(places);
    var all = guard.all();
    var moved = all.stream().filter(Guard.Move::isBeyondNoise).toList();
    System.out.print(guard.about());
    System.out.printf("%d ratios compared, %d moved beyond noise%n", all.size(), moved.size());
    moved.forEach(System.out::println);
    if (all.isEmpty() || moved.stream().anyMatch(Guard.Move::isWorse)) {
      System.exit(1);
    }
  }
}
