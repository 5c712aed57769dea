package dev.partywall.observability.audit;

import dev.partywall.observability.audit.AuditLineReader.AuditLine.AuditEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Consecutive entries of one chain in one file, without a gap. */
final class ChainFragment {
  private final String location;
  private final AuditEntry firstEntry;
  // A published head may refer to any entry, so all hashes are kept.
  private final List<String> hashes = new ArrayList<>();
  private AuditEntry lastEntry;

  /**
   * Starts a fragment with its first entry.
   *
   * @param location the file and line of the entry
   */
  ChainFragment(String location, AuditEntry first) {
    this.location = location;
    this.firstEntry = first;
    this.lastEntry = first;
    hashes.add(first.hash());
  }

  /**
   * Adds the entry with the next sequence number.
   *
   * @return the fault if the entry does not contain the previous entry's hash
   */
  Optional<String> add(AuditEntry next) {
    var linked = next.previous().equals(lastEntry.hash());
    lastEntry = next;
    hashes.add(next.hash());
    return linked ? Optional.empty() : Optional.of(brokenLink(next));
  }

  String location() {
    return location;
  }

  AuditEntry firstEntry() {
    return firstEntry;
  }

  AuditEntry lastEntry() {
    return lastEntry;
  }

  /** Returns the hash of the entry with that sequence number, if it is in this fragment. */
  Optional<String> hash(long seq) {
    return seq < firstEntry.seq() || seq > lastEntry.seq()
        ? Optional.empty()
        : Optional.of(hashes.get((int) (seq - firstEntry.seq())));
  }

  /** Returns the fault of an entry that does not contain the previous entry's hash. */
  static String brokenLink(AuditEntry entry) {
    return "changed: entry %d of chain %s does not contain the hash of the previous entry"
        .formatted(entry.seq(), entry.chain());
  }
}
