package dev.partywall.observability;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What all files together hold of one chain, in whatever order they were read. */
final class AuditedChain {
  private final String name;
  private final List<ChainRun> runs = new ArrayList<>();
  private final List<AuditLine.Head> heads = new ArrayList<>();

  AuditedChain(String name) {
    this.name = name;
  }

  void add(ChainRun run) {
    runs.add(run);
  }

  void add(AuditLine.Head head) {
    heads.add(head);
  }

  /** To be called once all is read, before anything below is asked. */
  void sort() {
    runs.sort(Comparator.comparingLong((ChainRun run) -> run.first().seq()));
  }

  /** The first of its entries that is here; none where only heads are. */
  Optional<ChainRun> first() {
    return runs.stream().findFirst();
  }

  /** The last of its entries that is here. */
  Optional<AuditLine.Entry> last() {
    return runs.stream().map(ChainRun::last).max(Comparator.comparingLong(AuditLine.Entry::seq));
  }

  /** What is wrong between its runs, and with what it said about its head. */
  List<String> faults() {
    var faults = new ArrayList<String>();
    for (var i = 1; i < runs.size(); i++) {
      joint(runs.get(i - 1).last(), runs.get(i)).ifPresent(faults::add);
    }
    last().ifPresent(last -> heads.forEach(it -> check(it, last).ifPresent(faults::add)));
    return faults;
  }

  /**
   * How it begins and ends, in words.
   *
   * @param followed whether the next chain is here
   */
  String summary(boolean followed) {
    return "chain "
        + name
        + ": "
        + last().map(last -> beginning() + ending(last, followed)).orElse("no entry of it is here");
  }

  // A log is rotated without asking us: where a file begins says nothing about who has cut it.
  private String beginning() {
    var seq = runs.getFirst().first().seq();
    return seq == 0 ? "" : "begins before these files, here with entry " + seq + "; ";
  }

  private static String ending(AuditLine.Entry last, boolean followed) {
    var how =
        switch (last.action()) {
          case AuditChain.END -> "closed";
          case AuditChain.ROTATE ->
              followed ? "goes on in the next" : "goes on in one that is not here";
          default -> "open (its process still runs, or was killed, or the tail was cut)";
        };
    return how + " after entry " + last.seq() + ", hash " + last.hash();
  }

  private Optional<String> joint(AuditLine.Entry before, ChainRun run) {
    var first = run.first();
    if (first.seq() > before.seq() + 1) {
      return at(
          run,
          "cut: entries %d to %d of chain %s are missing"
              .formatted(before.seq() + 1, first.seq() - 1, name));
    }
    if (first.seq() <= before.seq()) {
      return at(run, "repeated: entry %d of chain %s".formatted(first.seq(), name));
    }
    return first.previous().equals(before.hash())
        ? Optional.empty()
        : at(run, ChainRun.unfounded(first));
  }

  private static Optional<String> at(ChainRun run, String fault) {
    return Optional.of(run.place() + fault);
  }

  private Optional<String> check(AuditLine.Head head, AuditLine.Entry last) {
    if (head.seq() > last.seq()) {
      return Optional.of(
          "cut: chain %s had come to entry %d, but here it ends at %d"
              .formatted(name, head.seq(), last.seq()));
    }
    var differs =
        runs.stream()
            .flatMap(run -> run.hash(head.seq()).stream())
            .anyMatch(it -> !it.equals(head.hash()));
    return differs
        ? Optional.of("changed: entry %d of chain %s is another one".formatted(head.seq(), name))
        : Optional.empty();
  }
}
