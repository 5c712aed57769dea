package dev.partywall.operations.transfer;

import dev.partywall.operations.lifecycle.PacedCalls;
import dev.partywall.storage.content.ImportPart;
import dev.partywall.storage.content.ImportParts;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;

/** The bytes of the parts of an import, in the order of their numbers. One chunk is in memory. */
final class ImportContent extends InputStream {
  private final ImportParts parts;
  private final List<ImportPart> all;
  private final PacedCalls.Owned calls;
  private int part;
  private int chunk;
  private byte[] current = {};
  private int position;

  /**
   * Creates a stream at the first byte.
   *
   * @param calls makes the reads
   * @throws InvalidImportException if a part is missing
   */
  ImportContent(ImportParts parts, String operation, PacedCalls.Owned calls) {
    this.parts = parts;
    this.calls = calls;
    this.all = calls.call(() -> parts.all(operation));
    for (var i = 0; i < all.size(); i++) {
      if (all.get(i).number() != i + 1) {
        throw new InvalidImportException("Part " + (i + 1) + " is missing.");
      }
    }
    if (all.isEmpty()) {
      throw new InvalidImportException("Part 1 is missing.");
    }
  }

  @Override
  public int read() {
    return position < current.length || fill() ? current[position++] & 0xff : -1;
  }

  @Override
  public int read(byte[] target, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, target.length);
    if (position == current.length && !fill()) {
      return -1;
    }
    var count = Math.min(length, current.length - position);
    System.arraycopy(current, position, target, offset, count);
    position += count;
    return count;
  }

  /** Reads the next chunk that is not empty. Returns false at the end. */
  private boolean fill() {
    position = 0;
    current = new byte[0];
    while (current.length == 0 && part < all.size()) {
      if (chunk == all.get(part).chunks()) {
        part++;
        chunk = 0;
      } else {
        current = readChunk(all.get(part), chunk++);
      }
    }
    return current.length > 0;
  }

  private byte[] readChunk(ImportPart of, int index) {
    return calls.call(() -> parts.chunk(of, index));
  }
}
