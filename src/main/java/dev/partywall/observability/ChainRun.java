package dev.partywall.observability;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Consecutive entries of one chain in one file, without a gap. */
final class ChainRun {
  private final String location;
  private final AuditLine.Entry first;
  // A published head may refer to any entry, so all hashes are kept.
  private final List<String> hashes = new ArrayList<>();
  private AuditLine.Entry last;

  /**
   * Starts a fragment with its first entry.
   *
   * @param location the file and line of the entry
   */
  ChainRun(String location, AuditLine.Entry first) {
    this.location = location;
    this.first = first;
    this.last = first;
    hashes.add(first.hash());
  }

  /**
   * Adds the entry with the next sequence number.
   *
   * @return the fault if the entry does not contain the previous entry's hash
   */
  Optional<String> add(AuditLine.Entry next) {
    var linked = next.previous().equals(last.hash());
    last = next;
    hashes.add(next.hash());
    return linked ? Optional.empty() : Optional.of(unfounded(next));
  }

  String place() {
    return location;
  }

  AuditLine.Entry first() {
    return first;
  }

  AuditLine.Entry last() {
    return last;
  }

  /** Returns the hash of the entry with that sequence number, if it is in this fragment. */
  Optional<String> hash(long seq) {
    return seq < first.seq() || seq > last.seq()
        ? Optional.empty()
        : Optional.of(hashes.get((int) (seq - first.seq())));
  }

  /** Returns the fault of an entry that does not contain the previous entry's hash. */
  static String unfounded(AuditLine.Entry entry) {
    return "changed: entry %d of chain %s does not contain the hash of the previous entry"
        .formatted(entry.seq(), entry.chain());
  }
}
