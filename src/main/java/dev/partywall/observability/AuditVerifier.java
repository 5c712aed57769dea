package dev.partywall.observability;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads logs and says where the audit's chains in them were cut, changed or put into another order,
 * and which have an open end. Other lines, several processes in one file and a prefix before a line
 * (as container runtimes write it) don't disturb it. Files are read in the order given, so rotated
 * ones must come oldest first.
 */
public final class AuditVerifier {
  /** All chains are whole, as far as these files go. */
  public static final int WHOLE = 0;

  /** Something is missing, changed, or out of order. */
  public static final int BROKEN = 1;

  /** A file can't be read, or there is not one entry in them. */
  public static final int NOTHING_TO_VERIFY = 2;

  private final AuditLineReader lines = new AuditLineReader();
  private final Map<String, ChainReader> chains = new LinkedHashMap<>();
  private long entries;
  private long faults;

  /**
   * Verifies these files, and writes what it finds to {@code out}, a line each.
   *
   * @return the exit code: {@link #WHOLE}, {@link #BROKEN} or {@link #NOTHING_TO_VERIFY}
   */
  public int run(List<Path> files, PrintStream out) {
    for (var file : files) {
      try {
        read(file, out);
      } catch (IOException e) {
        out.println(file + ": can't be read: " + e.getMessage());
        return NOTHING_TO_VERIFY;
      }
    }
    chains.values().forEach(chain -> out.println(chain.end()));
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
    for (var line = reader.readLine(); line != null; line = reader.readLine()) {
      number++;
      var place = file + ":" + number + ": ";
      verify(line).ifPresent(fault -> tell(out, place + fault));
    }
  }

  private void tell(PrintStream out, String fault) {
    faults++;
    out.println(fault);
  }

  private Optional<String> verify(String line) {
    return switch (lines.read(line)) {
      case AuditLine.Other _ -> Optional.empty();
      case AuditLine.Broken(var why) -> Optional.of("changed: " + why);
      case AuditLine.Entry entry -> add(entry);
      case AuditLine.Head head -> chain(head.chain()).check(head);
    };
  }

  private Optional<String> add(AuditLine.Entry entry) {
    entries++;
    var before = Optional.ofNullable(chains.get(entry.after())).map(ChainReader::closing);
    return chain(entry.chain()).add(entry, before);
  }

  private ChainReader chain(String name) {
    return chains.computeIfAbsent(name, ChainReader::new);
  }
}
