package dev.partywall.storage;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;

/** Several runs, read as the one list that they make together. */
final class Merge {
  private final PriorityQueue<Run> runs =
      new PriorityQueue<>(Comparator.comparing(Merge::idOfHead, Comparator.reverseOrder()));

  Merge(List<Run> runs) {
    runs.forEach(this::queue);
  }

  /** The first items, and whether there are more. */
  Page page(int limit) {
    var items = new ArrayList<Item>();
    while (items.size() <= limit && !runs.isEmpty()) {
      add(items, takeNewest());
    }
    if (items.size() <= limit) {
      return new Page(List.copyOf(items), Optional.empty());
    }
    var wanted = List.copyOf(items.subList(0, limit));
    return new Page(wanted, Optional.of(wanted.getLast().key().id()));
  }

  private Item takeNewest() {
    var run = runs.remove();
    var item = run.take();
    queue(run);
    return item;
  }

  private void queue(Run run) {
    if (run.head() != null) {
      runs.add(run);
    }
  }

  /** An item that changed its label between two reads is seen twice: the later version stands. */
  private static void add(List<Item> items, Item item) {
    if (items.isEmpty() || !items.getLast().key().equals(item.key())) {
      items.add(item);
    } else if (item.version() > items.getLast().version()) {
      items.set(items.size() - 1, item);
    }
  }

  private static String idOfHead(Run run) {
    var head = run.head();
    if (head == null) {
      throw new IllegalStateException("a run at its end is not queued");
    }
    return head.key().id();
  }
}
