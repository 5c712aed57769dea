package dev.partywall.observability;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Reads logs and says where the audit's chains in them were cut, changed or put into another order,
 * how each begins, and which have an open end. Other lines, several processes in one file and a
 * prefix before a line (as container runtimes write it) don't disturb it.
 *
 * <p>Logs are rotated by day or size without regard to chains. So files may be given in any order,
 * and may begin anywhere: a chain whose first entries are in none of them is whole as far as they
 * go, and is said to begin before them. What is missing between two entries that are here was cut.
 */
public final class AuditVerifier {
  /** All chains are whole, as far as these files go. */
  public static final int WHOLE = 0;

  /** Something is missing, changed, or out of order. */
  public static final int BROKEN = 1;

  /** A file can't be read, or there is not one entry in them. */
  public static final int NOTHING_TO_VERIFY = 2;

  private final AuditLineReader lines = new AuditLineReader();
  private final Map<String, AuditedChain> chains = new LinkedHashMap<>();
  private long entries;
  private long faults;

  /**
   * Verifies these files, and writes what it finds to {@code out}, a line each; which file can't be
   * read, to {@code err}.
   *
   * @return the exit code: {@link #WHOLE}, {@link #BROKEN} or {@link #NOTHING_TO_VERIFY}
   */
  public int run(List<Path> files, PrintStream out, PrintStream err) {
    for (var file : files) {
      try {
        read(file, out);
      } catch (IOException e) {
        err.println(file + ": can't be read: " + e);
        return NOTHING_TO_VERIFY;
      }
    }
    conclude(out);
    out.printf("%d entries in %d chains, %d faults%n", entries, chains.size(), faults);
    return faults > 0 ? BROKEN : entries == 0 ? NOTHING_TO_VERIFY : WHOLE;
  }

  // ISO 8859-1 keeps every byte as it is; our own lines are ASCII.
  private void read(Path file, PrintStream out) throws IOException {
    try (var reader = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
      read(file, reader, out);
    }
  }

  private void read(Path file, BufferedReader reader, PrintStream out) throws IOException {
    var number = 0L;
    var here = new HashMap<String, ChainRun>();
    for (var line = reader.readLine(); line != null; line = reader.readLine()) {
      number++;
      var place = file + ":" + number + ": ";
      verify(line, place, here).ifPresent(fault -> tell(out, place + fault));
    }
  }

  private void tell(PrintStream out, String fault) {
    faults++;
    out.println(fault);
  }

  private Optional<String> verify(String line, String place, Map<String, ChainRun> here) {
    return switch (lines.read(line)) {
      case AuditLine.Other _ -> Optional.empty();
      case AuditLine.Broken(var why) -> Optional.of("changed: " + why);
      case AuditLine.Entry entry -> add(entry, place, here);
      case AuditLine.Head head -> {
        chain(head.chain()).add(head);
        yield Optional.empty();
      }
    };
  }

  private Optional<String> add(AuditLine.Entry entry, String place, Map<String, ChainRun> here) {
    entries++;
    var run = here.get(entry.chain());
    if (run != null && entry.seq() <= run.last().seq()) {
      return Optional.of(reordered(entry, run.last()));
    }
    if (run != null && entry.seq() == run.last().seq() + 1) {
      return run.add(entry);
    }
    var next = new ChainRun(place, entry);
    here.put(entry.chain(), next);
    chain(entry.chain()).add(next);
    return Optional.empty();
  }

  private static String reordered(AuditLine.Entry entry, AuditLine.Entry last) {
    return "reordered: entry %d of chain %s comes after entry %d"
        .formatted(entry.seq(), entry.chain(), last.seq());
  }

  private AuditedChain chain(String name) {
    return chains.computeIfAbsent(name, AuditedChain::new);
  }

  private void conclude(PrintStream out) {
    chains.values().forEach(AuditedChain::sort);
    for (var chain : chains.values()) {
      chain.faults().forEach(fault -> tell(out, fault));
      chain.first().flatMap(this::unfounded).ifPresent(fault -> tell(out, fault));
    }
    var followed = chains.values().stream().flatMap(AuditVerifier::before).toList();
    chains.forEach((name, chain) -> out.println(chain.summary(followed.contains(name))));
  }

  /** A chain's first entry carries the hash that closed the chain before. */
  private Optional<String> unfounded(ChainRun run) {
    return before(run)
        .flatMap(name -> Optional.ofNullable(chains.get(name)))
        .flatMap(AuditedChain::last)
        .filter(closing -> !closing.hash().equals(run.first().previous()))
        .map(_ -> run.place() + ChainRun.unfounded(run.first()));
  }

  private static Stream<String> before(AuditedChain chain) {
    return chain.first().flatMap(AuditVerifier::before).stream();
  }

  private static Optional<String> before(ChainRun run) {
    return Optional.of(run.first()).filter(it -> it.seq() == 0).map(AuditLine.Entry::after);
  }
}
