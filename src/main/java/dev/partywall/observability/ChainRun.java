package dev.partywall.observability;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Entries of one chain that come one after the other in one file, none missing. */
final class ChainRun {
  private final String place;
  private final AuditLine.Entry first;
  // A head that was kept may be that of any entry, so all hashes are.
  private final List<String> hashes = new ArrayList<>();
  private AuditLine.Entry last;

  /**
   * Begins with that entry.
   *
   * @param place the file and the line
   */
  ChainRun(String place, AuditLine.Entry first) {
    this.place = place;
    this.first = first;
    this.last = first;
    hashes.add(first.hash());
  }

  /**
   * Takes the entry whose number is the next one.
   *
   * @return what is wrong with it
   */
  Optional<String> add(AuditLine.Entry next) {
    var holds = next.previous().equals(last.hash());
    last = next;
    hashes.add(next.hash());
    return holds ? Optional.empty() : Optional.of(unfounded(next));
  }

  String place() {
    return place;
  }

  AuditLine.Entry first() {
    return first;
  }

  AuditLine.Entry last() {
    return last;
  }

  /** The hash of the entry with that number, where it is in this run. */
  Optional<String> hash(long seq) {
    return seq < first.seq() || seq > last.seq()
        ? Optional.empty()
        : Optional.of(hashes.get((int) (seq - first.seq())));
  }

  /** What is said of an entry that does not carry the hash of the one before. */
  static String unfounded(AuditLine.Entry entry) {
    return "changed: entry %d of chain %s does not follow on the one before"
        .formatted(entry.seq(), entry.chain());
  }
}
