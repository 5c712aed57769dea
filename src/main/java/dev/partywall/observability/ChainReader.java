package dev.partywall.observability;

import java.util.Optional;

/** Follows one chain through the lines of a log. */
final class ChainReader {
  private final String name;
  private long last = -1;
  private String hash = "";
  private String action = "";
  private boolean followed;

  ChainReader(String name) {
    this.name = name;
  }

  /**
   * Takes the next entry of this chain.
   *
   * @param before the hash that closed the chain before, where that was seen
   * @return what is wrong with it
   */
  Optional<String> add(AuditLine.Entry entry, Optional<String> before) {
    var fault = entry.seq() == last + 1 ? follow(entry, before) : gap(entry.seq());
    if (entry.seq() > last) {
      last = entry.seq();
      hash = entry.hash();
      action = entry.action();
    }
    return fault;
  }

  /** Holds what we have seen against what the chain itself said about its head. */
  Optional<String> check(AuditLine.Head head) {
    if (head.seq() > last) {
      return Optional.of(
          "cut: chain %s had come to entry %d, but here it ends at %d"
              .formatted(name, head.seq(), last));
    }
    return head.seq() == last && !head.hash().equals(hash)
        ? Optional.of("changed: entry %d of chain %s is another one".formatted(last, name))
        : Optional.empty();
  }

  /** The hash from which the next chain has to go on. */
  String closing() {
    followed = true;
    return hash;
  }

  /** How the chain ends, in words. */
  String end() {
    return "chain " + name + ": " + ending() + " after entry " + last + ", hash " + hash;
  }

  private String ending() {
    return switch (action) {
      case AuditChain.END -> "closed";
      case AuditChain.ROTATE ->
          followed ? "goes on in the next" : "goes on in one that is not here";
      default -> "open (its process still runs, or was killed, or the tail was cut)";
    };
  }

  private Optional<String> follow(AuditLine.Entry entry, Optional<String> before) {
    var expected = entry.seq() == 0 ? before.orElse(entry.previous()) : hash;
    return entry.previous().equals(expected)
        ? Optional.empty()
        : Optional.of(
            "changed: entry %d of chain %s does not follow on the one before"
                .formatted(entry.seq(), name));
  }

  private Optional<String> gap(long seq) {
    return Optional.of(
        seq > last
            ? "cut: entries %d to %d of chain %s are missing".formatted(last + 1, seq - 1, name)
            : "reordered: entry %d of chain %s comes after entry %d".formatted(seq, name, last));
  }
}
