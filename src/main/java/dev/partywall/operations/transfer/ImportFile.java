package dev.partywall.operations.transfer;

import com.fasterxml.jackson.databind.JsonNode;
import dev.partywall.http.Sha256;
import dev.partywall.json.Json;
import dev.partywall.json.MalformedJsonException;
import dev.partywall.operations.transfer.ExportFormat.Header;
import dev.partywall.operations.transfer.ExportFormat.Trailer;
import dev.partywall.storage.IdempotentWrites;
import dev.partywall.storage.content.StoredItem;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads and checks the lines of an export, one at a time. The file is valid if {@link #next}
 * returns null: then its end, its counts and its hash are correct. Every method throws {@link
 * InvalidImportException} at the first fault.
 */
final class ImportFile {
  /** The maximum size of a document in UTF-8. DynamoDB permits 400 KB in an item with its keys. */
  static final int MAX_DOCUMENT_BYTES = 350 * 1024;

  /** A document, its keys and its labels. */
  private static final int MAX_LINE_BYTES = MAX_DOCUMENT_BYTES + 4 * 1024;

  private final InputStream in;
  private final Set<String> collections;
  private final MessageDigest digest = Sha256.digest();
  private final Map<String, Long> counts = new TreeMap<>();
  private final Header header;
  private long line;
  private String last = "";

  /**
   * Reads the first line.
   *
   * @param collections the collections that the file may contain; empty permits each name
   */
  ImportFile(InputStream in, Set<String> collections) {
    this.in = in;
    this.collections = collections;
    var first = readLine();
    this.header = parse(() -> Header.read(Json.parse(first)));
    digest.update(first);
  }

  /** Returns the first line. */
  Header header() {
    return header;
  }

  /** Returns the number of items of each collection until now. */
  Map<String, Long> counts() {
    return Collections.unmodifiableMap(counts);
  }

  /** Returns the next item; null after the last line of a valid file. */
  @Nullable StoredItem next() {
    var bytes = readLine();
    var json = bytes[bytes.length - 1] == '\n' ? parse(() -> Json.parse(bytes)) : last(bytes);
    if (Trailer.isTrailer(json)) {
      check(parse(() -> Trailer.read(json)));
      return null;
    }
    var item = parse(() -> ExportFormat.read(json));
    check(item);
    digest.update(bytes);
    counts.merge(item.key().collection(), 1L, Long::sum);
    return item;
  }

  /** Returns a line without a line feed: the trailer, unless the file is truncated. */
  private JsonNode last(byte[] bytes) {
    try {
      var json = Json.parse(bytes);
      if (Trailer.isTrailer(json)) {
        return json;
      }
    } catch (MalformedJsonException _) {
      // A part of a line is no JSON.
    }
    throw invalid("has no end: the file is truncated");
  }

  private void check(StoredItem item) {
    var key = item.key().collection() + "#" + item.key().id();
    if (key.compareTo(last) <= 0) {
      throw invalid("is not in the order of the collections and ids");
    }
    last = key;
    check(item.key().collection());
    if (item.version() < 1) {
      throw invalid("has a version below 1");
    }
    var document = item.document().getBytes(StandardCharsets.UTF_8);
    if (document.length > MAX_DOCUMENT_BYTES) {
      throw invalid("has a document of more than 350 KB");
    }
  }

  /** No export contains the records of requests, which always expire. */
  private void check(String collection) {
    if (IdempotentWrites.isCollection(collection)) {
      throw invalid("has the collection idempotency, which belongs to the service");
    }
    if (!collections.isEmpty() && !collections.contains(collection)) {
      throw invalid("has a collection that the service does not declare");
    }
  }

  private void check(Trailer trailer) {
    if (!trailer.counts().equals(counts)) {
      throw invalid("states other counts than the file has");
    }
    if (!trailer.sha256().equals(HexFormat.of().formatHex(digest.digest()))) {
      throw invalid("states another hash than the file has");
    }
    if (read() >= 0) {
      line++;
      throw invalid("follows the last line");
    }
  }

  private <T> T parse(java.util.function.Supplier<T> parser) {
    try {
      return parser.get();
    } catch (MalformedJsonException e) {
      throw invalid(e.getMessage());
    } catch (IllegalArgumentException e) {
      throw invalid("is invalid: " + e.getMessage());
    }
  }

  /** Returns the next line with its line feed. The last line of the file can lack it. */
  private byte[] readLine() {
    line++;
    var bytes = new ByteArrayOutputStream(512);
    for (var next = read(); next != '\n'; next = read()) {
      if (next < 0 && bytes.size() > 0) {
        return bytes.toByteArray();
      }
      if (next < 0) {
        throw invalid("is missing: the file ends without its last line");
      }
      if (bytes.size() == MAX_LINE_BYTES) {
        throw invalid("has more than " + MAX_LINE_BYTES + " bytes");
      }
      bytes.write(next);
    }
    bytes.write('\n');
    return bytes.toByteArray();
  }

  private int read() {
    try {
      return in.read();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private InvalidImportException invalid(@Nullable String reason) {
    return new InvalidImportException(line, String.valueOf(reason));
  }
}
