package dev.partywall.storage;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;

/** Merges several range readers into one page, ordered by id. */
final class MergedPage {
  private final PriorityQueue<RangeReader> readers =
      new PriorityQueue<>(Comparator.comparing(MergedPage::idOfHead, Comparator.reverseOrder()));

  MergedPage(List<RangeReader> readers) {
    readers.forEach(this::enqueue);
  }

  /** Returns the first items, and the position of the next page if more items exist. */
  Page read(int limit) {
    var items = new ArrayList<Item>();
    while (items.size() <= limit && !readers.isEmpty()) {
      add(items, takeNewest());
    }
    if (items.size() <= limit) {
      return new Page(List.copyOf(items), Optional.empty());
    }
    var page = List.copyOf(items.subList(0, limit));
    return new Page(page, Optional.of(page.getLast().key().id()));
  }

  private Item takeNewest() {
    var reader = readers.remove();
    var item = reader.next();
    enqueue(reader);
    return item;
  }

  private void enqueue(RangeReader reader) {
    if (reader.peek() != null) {
      readers.add(reader);
    }
  }

  /** An item whose index key changed between two reads occurs twice. The later version is kept. */
  private static void add(List<Item> items, Item item) {
    if (items.isEmpty() || !items.getLast().key().equals(item.key())) {
      items.add(item);
    } else if (item.version() > items.getLast().version()) {
      items.set(items.size() - 1, item);
    }
  }

  private static String idOfHead(RangeReader reader) {
    var head = reader.peek();
    if (head == null) {
      throw new IllegalStateException("an exhausted reader is in the queue");
    }
    return head.key().id();
  }
}
