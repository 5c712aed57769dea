package dev.partywall.observability.audit;

import dev.partywall.observability.audit.AuditLineReader.AuditLine.AuditEntry;
import dev.partywall.observability.audit.AuditLineReader.AuditLine.ChainHead;
import dev.partywall.observability.audit.AuditLineReader.AuditLine.EmbeddedEntry;
import dev.partywall.observability.audit.AuditLineReader.AuditLine.InvalidEntry;
import dev.partywall.observability.audit.AuditLineReader.AuditLine.OtherLine;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Verifies the audit chains in log files. Reports cut, changed and reordered entries, where each
 * chain starts, and which chains have an open end. Ignores other lines, and accepts several
 * processes in one file, a prefix before each line, as container runtimes write it, and the files
 * of Docker's {@code json-file} driver.
 *
 * <p>Logs are rotated by day or size, independently of chains. Files may therefore be given in any
 * order and may start anywhere: a chain whose first entries are in no file is intact as far as the
 * files go, and is reported as starting before them. A gap between two present entries is a cut.
 */
public final class AuditVerifier {
  /** Exit code: all chains are intact, as far as the files go. */
  public static final int INTACT = 0;

  /** Exit code: an entry is missing, changed or out of order. */
  public static final int CORRUPT = 1;

  /** Exit code: a file or an entry cannot be read, or the files contain no entry. */
  public static final int NOTHING_TO_VERIFY = 2;

  private final AuditLineReader lines = new AuditLineReader();
  private final Map<String, ChainReport> chains = new LinkedHashMap<>();
  private long entries;
  private long faults;
  private String embedded = "";

  /**
   * Verifies the files. Prints one line per finding to {@code out}. Prints an unknown option, an
   * unreadable file, the first unreadable entry and the absence of entries to {@code err}.
   *
   * @param args the paths of the files
   * @return the exit code: {@link #INTACT}, {@link #CORRUPT} or {@link #NOTHING_TO_VERIFY}
   */
  public int run(List<String> args, PrintStream out, PrintStream err) {
    var invalid = args.isEmpty() ? Optional.of("FILE: at least one is required") : option(args);
    if (invalid.isPresent()) {
      err.println(invalid.get());
      return NOTHING_TO_VERIFY;
    }
    for (var file : args) {
      try {
        read(Path.of(file), out);
      } catch (IOException | InvalidPathException e) {
        err.println(file + ": cannot be read: " + e);
        return NOTHING_TO_VERIFY;
      }
    }
    reportChains(out);
    out.printf("%d entries in %d chains, %d faults%n", entries, chains.size(), faults);
    if (!embedded.isEmpty()) {
      err.println(
          embedded
              + "the audit entry is a text inside another document, in a format that this command"
              + " does not read. Extract the service's lines first.");
    } else if (entries == 0) {
      err.println("The files contain no audit entry (\"logger\":\"audit\").");
    }
    return exitCode();
  }

  private static Optional<String> option(List<String> args) {
    return args.stream()
        .filter(arg -> arg.startsWith("-"))
        .map(option -> option + ": is unknown; the arguments are the paths of log files")
        .findFirst();
  }

  private int exitCode() {
    if (faults > 0) {
      return CORRUPT;
    }
    return entries == 0 || !embedded.isEmpty() ? NOTHING_TO_VERIFY : INTACT;
  }

  // ISO 8859-1 maps each byte to one character. The service's own lines are ASCII.
  private void read(Path file, PrintStream out) throws IOException {
    try (var reader = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
      read(file, reader, out);
    }
  }

  private void read(Path file, BufferedReader reader, PrintStream out) throws IOException {
    var lineNumber = 0L;
    var fragments = new HashMap<String, ChainFragment>();
    var docker = new DockerLogLines();
    for (var raw = reader.readLine(); raw != null; raw = reader.readLine()) {
      lineNumber++;
      var location = file + ":" + lineNumber + ": ";
      for (var line : docker.lines(raw)) {
        verify(line, location, fragments).ifPresent(fault -> report(out, location + fault));
      }
    }
  }

  private void report(PrintStream out, String fault) {
    faults++;
    out.println(fault);
  }

  /**
   * @param location the file and the line, with a colon and a space at the end
   */
  private Optional<String> verify(
      String line, String location, Map<String, ChainFragment> fragments) {
    return switch (lines.read(line)) {
      case OtherLine _ -> Optional.empty();
      case EmbeddedEntry _ -> {
        embedded = embedded.isEmpty() ? location : embedded;
        yield Optional.empty();
      }
      case InvalidEntry(var reason) -> Optional.of("changed: " + reason);
      case AuditEntry entry -> add(entry, location, fragments);
      case ChainHead head -> {
        chain(head.chain()).add(head);
        yield Optional.empty();
      }
    };
  }

  private Optional<String> add(
      AuditEntry entry, String location, Map<String, ChainFragment> fragments) {
    entries++;
    var fragment = fragments.get(entry.chain());
    if (fragment != null && entry.seq() <= fragment.lastEntry().seq()) {
      return Optional.of(reordered(entry, fragment.lastEntry()));
    }
    if (fragment != null && entry.seq() == fragment.lastEntry().seq() + 1) {
      return fragment.add(entry);
    }
    var next = new ChainFragment(location, entry);
    fragments.put(entry.chain(), next);
    chain(entry.chain()).add(next);
    return Optional.empty();
  }

  private static String reordered(AuditEntry entry, AuditEntry last) {
    return "reordered: entry %d of chain %s follows entry %d"
        .formatted(entry.seq(), entry.chain(), last.seq());
  }

  private ChainReport chain(String name) {
    return chains.computeIfAbsent(name, ChainReport::new);
  }

  private void reportChains(PrintStream out) {
    chains.values().forEach(ChainReport::sort);
    for (var chain : chains.values()) {
      chain.faults().forEach(fault -> report(out, fault));
      chain.firstFragment().flatMap(this::brokenLink).ifPresent(fault -> report(out, fault));
    }
    var continued = chains.values().stream().flatMap(AuditVerifier::previous).toList();
    chains.forEach((name, chain) -> out.println(chain.summary(continued.contains(name))));
  }

  /** A chain's first entry must contain the hash of the previous chain's last entry. */
  private Optional<String> brokenLink(ChainFragment fragment) {
    return previous(fragment)
        .flatMap(name -> Optional.ofNullable(chains.get(name)))
        .flatMap(ChainReport::lastEntry)
        .filter(closing -> !closing.hash().equals(fragment.firstEntry().previous()))
        .map(_ -> fragment.location() + ChainFragment.brokenLink(fragment.firstEntry()));
  }

  private static Stream<String> previous(ChainReport chain) {
    return chain.firstFragment().flatMap(AuditVerifier::previous).stream();
  }

  private static Optional<String> previous(ChainFragment fragment) {
    return Optional.of(fragment.firstEntry())
        .filter(entry -> entry.seq() == 0)
        .map(AuditEntry::after);
  }
}
