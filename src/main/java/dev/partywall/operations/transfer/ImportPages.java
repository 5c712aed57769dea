package dev.partywall.operations.transfer;

import dev.partywall.operations.lifecycle.OwnedOperation;
import dev.partywall.operations.lifecycle.OwnershipLostException;
import dev.partywall.operations.lifecycle.PacedCalls;
import dev.partywall.storage.Key;
import dev.partywall.storage.content.ContentPages;
import dev.partywall.storage.content.OperationProgress;
import dev.partywall.storage.content.StoredItem;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes the items of a checked file, or deletes those that were written. The position in the file
 * is the key of the latest item, and is in the progress of the operation.
 */
final class ImportPages {
  /** The key of the latest item that was written. */
  static final String AFTER = "after";

  private static final String REVERTED = "reverted";
  private static final String DONE = "done";

  private final ImportContext context;
  private final OwnedOperation owned;
  private final ContentPages pages;
  private final PacedCalls.Owned calls;
  private OperationProgress progress;

  /**
   * Creates a writer.
   *
   * @param progress the current progress, with the fence of this owner
   * @param pages writes the revision of the content to which the items belong
   */
  ImportPages(
      ImportContext context, OwnedOperation owned, OperationProgress progress, ContentPages pages) {
    this.context = context;
    this.owned = owned;
    this.pages = pages;
    this.calls = context.calls().ownedBy(owned);
    this.progress = progress;
  }

  /**
   * Writes all items that are not written yet.
   *
   * @return false if an item exists already
   */
  boolean writeAll() {
    var file = context.file(owned.operation(), calls);
    var after = progress.value(AFTER).orElse("");
    var page = new ArrayList<StoredItem>();
    var bytes = 0L;
    for (var item = file.next(); item != null; item = file.next()) {
      if (sortKey(item.key()).compareTo(after) <= 0) {
        continue;
      }
      var size = item.document().getBytes(StandardCharsets.UTF_8).length;
      if (page.size() == context.pageItems() || bytes + size > ContentPages.MAX_BYTES) {
        if (!write(page)) {
          return false;
        }
        page.clear();
        bytes = 0;
      }
      page.add(item);
      bytes += size;
    }
    return page.isEmpty() || write(page);
  }

  private boolean write(List<StoredItem> page) {
    var done = progress.value(DONE).map(Long::parseLong).orElse(0L) + page.size();
    var next =
        progress.next(Map.of(AFTER, sortKey(page.getLast().key()), DONE, Long.toString(done)));
    var written = calls.call(() -> pages.insert(page, progress, next));
    if (written.isPresent()) {
      progress = written.get();
      owned.progress(done);
      return true;
    }
    if (context.progress().find().filter(progress::equals).isEmpty()) {
      throw new OwnershipLostException();
    }
    return false;
  }

  /** Deletes all items that were written. */
  void deleteWritten() {
    var last = progress.value(AFTER).orElse("");
    var reverted = progress.value(REVERTED).orElse("");
    var file = context.file(owned.operation(), calls);
    var page = new ArrayList<Key>();
    for (var key = next(file, last); key != null; key = next(file, last)) {
      if (sortKey(key).compareTo(reverted) > 0) {
        page.add(key);
      }
      if (page.size() == context.pageItems()) {
        delete(page);
        page.clear();
      }
    }
    delete(page);
  }

  private static @Nullable Key next(ImportFile file, String last) {
    var item = file.next();
    return item == null || sortKey(item.key()).compareTo(last) > 0 ? null : item.key();
  }

  private void delete(List<Key> page) {
    if (page.isEmpty()) {
      return;
    }
    var next = progress.next(Map.of(REVERTED, sortKey(page.getLast())));
    progress =
        calls
            .call(() -> pages.delete(page, progress, next))
            .orElseThrow(OwnershipLostException::new);
  }

  private static String sortKey(Key key) {
    return key.collection() + "#" + key.id();
  }
}
