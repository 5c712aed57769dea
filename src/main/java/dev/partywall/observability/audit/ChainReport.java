package dev.partywall.observability.audit;

import dev.partywall.observability.audit.AuditLineReader.AuditLine.AuditEntry;
import dev.partywall.observability.audit.AuditLineReader.AuditLine.ChainHead;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** All entries and heads of one chain from all files, regardless of the order of the files. */
final class ChainReport {
  private final String name;
  private final List<ChainFragment> fragments = new ArrayList<>();
  private final List<ChainHead> heads = new ArrayList<>();

  ChainReport(String name) {
    this.name = name;
  }

  void add(ChainFragment fragment) {
    fragments.add(fragment);
  }

  void add(ChainHead head) {
    heads.add(head);
  }

  /** Sorts the fragments. Call this after all files are read and before the methods below. */
  void sort() {
    fragments.sort(
        Comparator.comparingLong((ChainFragment fragment) -> fragment.firstEntry().seq()));
  }

  /** Returns the first fragment; empty if only heads were read. */
  Optional<ChainFragment> firstFragment() {
    return fragments.stream().findFirst();
  }

  /** Returns the entry with the highest sequence number. */
  Optional<AuditEntry> lastEntry() {
    return fragments.stream()
        .map(ChainFragment::lastEntry)
        .max(Comparator.comparingLong(AuditEntry::seq));
  }

  /** Returns the faults between fragments, and the contradictions to published heads. */
  List<String> faults() {
    var faults = new ArrayList<String>();
    for (var i = 1; i < fragments.size(); i++) {
      checkGap(fragments.get(i - 1).lastEntry(), fragments.get(i)).ifPresent(faults::add);
    }
    lastEntry().ifPresent(last -> heads.forEach(head -> check(head, last).ifPresent(faults::add)));
    return faults;
  }

  /**
   * Describes where the chain starts and ends.
   *
   * @param continued whether the next chain was read
   */
  String summary(boolean continued) {
    return "chain "
        + name
        + ": "
        + lastEntry()
            .map(last -> start() + end(last, continued))
            .orElse("no entries in these files");
  }

  // Log rotation is independent of chains: a file that starts inside a chain is no sign of a cut.
  private String start() {
    var seq = fragments.getFirst().firstEntry().seq();
    return seq == 0 ? "" : "starts before these files, first entry here is " + seq + "; ";
  }

  private static String end(AuditEntry last, boolean continued) {
    return state(last, continued) + " after entry " + last.seq() + ", hash " + last.hash();
  }

  private static String state(AuditEntry last, boolean continued) {
    return switch (last.action()) {
      case AuditWriter.END -> "closed";
      case AuditWriter.ROTATE ->
          continued
              ? "continued in the next chain"
              : "continued in a chain that is not in these files";
      default -> "open (its process is running or was killed, or the tail was cut)";
    };
  }

  private Optional<String> checkGap(AuditEntry previous, ChainFragment fragment) {
    var first = fragment.firstEntry();
    if (first.seq() > previous.seq() + 1) {
      return at(
          fragment,
          "cut: entries %d to %d of chain %s are missing"
              .formatted(previous.seq() + 1, first.seq() - 1, name));
    }
    if (first.seq() <= previous.seq()) {
      return at(fragment, "repeated: entry %d of chain %s".formatted(first.seq(), name));
    }
    return first.previous().equals(previous.hash())
        ? Optional.empty()
        : at(fragment, ChainFragment.brokenLink(first));
  }

  private static Optional<String> at(ChainFragment fragment, String fault) {
    return Optional.of(fragment.location() + fault);
  }

  private Optional<String> check(ChainHead head, AuditEntry last) {
    if (head.seq() > last.seq()) {
      return Optional.of(
          "cut: chain %s had reached entry %d, but ends at entry %d in these files"
              .formatted(name, head.seq(), last.seq()));
    }
    return differs(head)
        ? Optional.of(
            "changed: entry %d of chain %s differs from its published head"
                .formatted(head.seq(), name))
        : Optional.empty();
  }

  // The entry of a head can be missing: its file may not have been given.
  private boolean differs(ChainHead head) {
    return fragments.stream()
        .flatMap(fragment -> fragment.hash(head.seq()).stream())
        .anyMatch(hash -> !hash.equals(head.hash()));
  }
}
