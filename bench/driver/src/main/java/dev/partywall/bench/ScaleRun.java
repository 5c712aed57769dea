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

/** The product with very many tenants, very many connections, and more requests than it can do. */
final class ScaleRun {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  /** So many come in the cold case: more than there is room for, of tokens and of credentials. */
  private static final int COLD = 50_000;

  private final BenchPaths places;
  private final RunLength length;
  private final CpuPinning pinning = CpuPinning.here();

  ScaleRun(BenchPaths places, RunLength length) {
    this.places = places;
    this.length = length;
  }

  /** A whole run, as it is kept in a file. */
  private record ScaleResults(
      String date, Machine machine, String flags, String processors, Map<String, ScaleTable> parts) {}

  /** The parts of that comma-separated list, or all of them. */
  void run(String chosen) throws IOException, InterruptedException {
    var wanted = Arrays.stream(chosen.split(",")).filter(s -> !s.isBlank()).toList();
    var grids = new TreeMap<String, ScaleTable>();
    // Before we are pinned: then we would see fewer processors.
    var machine = Machine.here();
    try (var stub = StubBackend.start(places)) {
      pinning.away(stub.pid());
      pinning.away(ProcessHandle.current().pid());
      for (var part : parts(ScaleContext.of(places, stub, pinning, length), wanted)) {
        System.out.println("\n" + part.name() + " …");
        var grid = part.run();
        grids.put(part.name(), grid);
        System.out.println(grid);
      }
    }
    write(machine, grids);
  }

  private List<ScalePart> parts(ScaleContext bed, List<String> wanted) {
    var all =
        List.of(
            new TenantsPart(bed, COLD),
            new IdleConnectionsPart(bed),
            new SlowSendersPart(bed),
            new SlowReadersPart(bed),
            new OverloadPart(bed, pinning));
    var names = all.stream().map(ScalePart::name).toList();
    if (!names.containsAll(wanted)) {
      throw new IllegalArgumentException("not all of " + wanted + " are parts: there are " + names);
    }
    return all.stream().filter(p -> wanted.isEmpty() || wanted.contains(p.name())).toList();
  }

  private void write(Machine machine, Map<String, ScaleTable> grids) throws IOException {
    var results =
        new ScaleResults(
            Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
            machine,
            Jvm.FLAGS.getFirst() + " " + String.join(" ", ProductProcess.HEAP),
            pinning.told(),
            grids);
    JSON.writeValue(places.scale().toFile(), results);
    System.out.println(results.machine().line() + "\n" + results.flags());
    System.out.println("Written: " + places.scale());
  }
}
