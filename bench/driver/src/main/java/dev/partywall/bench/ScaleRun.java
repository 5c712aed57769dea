package dev.partywall.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Runs the product with many tenants, many connections, more requests than its capacity, and
 * tenants that disturb others.
 */
final class ScaleRun {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  /** Exceeds the capacity of the token cache and of the credential cache. */
  private static final int MAX_COLD_TENANTS = 50_000;

  private final BenchPaths places;
  private final RunLength length;
  private final CpuPinning pinning = CpuPinning.here();

  ScaleRun(BenchPaths places, RunLength length) {
    this.places = places;
    this.length = length;
  }

  /** The results of a run, stored as JSON. */
  private record ScaleResults(
      String date,
      Machine machine,
      String flags,
      String processors,
      Map<String, ScaleTable> parts) {}

  /**
   * Runs the parts in a comma-separated list. An empty list means all parts, except the one that
   * requires a running local stack.
   */
  void run(String chosen) throws IOException, InterruptedException {
    var selected = Arrays.stream(chosen.split(",")).filter(s -> !s.isBlank()).toList();
    var tables = new TreeMap<String, ScaleTable>();
    // Before pinning, because a pinned process sees fewer processors.
    var machine = Machine.here();
    try (var stub = StubBackend.start(places)) {
      pinning.moveOffServiceProcessor(stub.pid());
      pinning.moveOffServiceProcessor(ProcessHandle.current().pid());
      for (var part : parts(ScaleContext.of(places, stub, pinning, length), selected)) {
        System.out.println("\n" + part.name() + " …");
        var table = part.run();
        tables.put(part.name(), table);
        System.out.println(table);
      }
    }
    write(machine, tables);
  }

  private List<ScalePart> parts(ScaleContext context, List<String> selected) {
    var all =
        List.of(
            new TenantsPart(context, MAX_COLD_TENANTS),
            new IdleConnectionsPart(context),
            new SlowSendersPart(context),
            new SlowReadersPart(context),
            new OverloadPart(context, pinning),
            new FairnessPart(context),
            new RejectionsPart(context),
            new NeighboursPart(context),
            new ExportsPart(context),
            new LocalStackPart(length));
    var names = all.stream().map(ScalePart::name).toList();
    if (!names.containsAll(selected)) {
      throw new IllegalArgumentException(
          "unknown parts in " + selected + "; known parts: " + names);
    }
    return all.stream()
        .filter(part ->
            selected.isEmpty()
                ? !part.name().equals(LocalStackPart.NAME)
                : selected.contains(part.name()))
        .toList();
  }

  private void write(Machine machine, Map<String, ScaleTable> tables) throws IOException {
    var results =
        new ScaleResults(
            Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
            machine,
            Jvm.FLAGS.getFirst() + " " + String.join(" ", ProductProcess.HEAP),
            pinning.description(),
            tables);
    JSON.writeValue(places.scale().toFile(), results);
    System.out.println(results.machine().line() + "\n" + results.flags());
    System.out.println("Written: " + places.scale());
  }
}
