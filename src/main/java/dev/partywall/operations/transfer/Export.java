package dev.partywall.operations.transfer;

import dev.partywall.http.ResponseStream;
import dev.partywall.http.Sha256;
import dev.partywall.http.StreamWriter;
import dev.partywall.storage.content.ContentReader;
import dev.partywall.storage.content.StoredItem;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Writes the lines of an export. Constant memory: a page of items of each partition, and a buffer.
 */
final class Export implements StreamWriter {
  private static final int BUFFER_BYTES = 64 * 1024;

  private final ExportFormat.Header header;
  private final ContentReader reader;
  private final AtomicLong done;
  private final Runnable beforeEnd;
  private final MessageDigest digest = Sha256.digest();
  private final Map<String, Long> counts = new TreeMap<>();
  private final ByteArrayOutputStream buffer = new ByteArrayOutputStream(BUFFER_BYTES);

  /**
   * Creates an export that has read nothing yet.
   *
   * @param done receives the number of items that are read
   * @param beforeEnd is called before the last line, which shows the client that it has everything
   */
  Export(ExportFormat.Header header, ContentReader reader, AtomicLong done, Runnable beforeEnd) {
    this.header = header;
    this.reader = reader;
    this.done = done;
    this.beforeEnd = beforeEnd;
  }

  @Override
  public void write(ResponseStream out) throws IOException {
    add(header.line(), out);
    for (var item = reader.next(); item != null; item = reader.next()) {
      add(item, out);
    }
    out.write(buffer.toByteArray());
    beforeEnd.run();
    out.write(new ExportFormat.Trailer(counts, HexFormat.of().formatHex(digest.digest())).line());
  }

  private void add(StoredItem item, ResponseStream out) throws IOException {
    counts.merge(item.key().collection(), 1L, Long::sum);
    done.incrementAndGet();
    add(ExportFormat.line(item), out);
  }

  private void add(byte[] line, ResponseStream out) throws IOException {
    digest.update(line);
    buffer.writeBytes(line);
    if (buffer.size() >= BUFFER_BYTES) {
      out.write(buffer.toByteArray());
      buffer.reset();
    }
  }

  /** Returns the number of items of each collection until now. */
  Map<String, Long> counts() {
    return Map.copyOf(counts);
  }
}
