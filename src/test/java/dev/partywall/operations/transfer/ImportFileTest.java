package dev.partywall.operations.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.partywall.http.Sha256;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImportFileTest {
  private static final String HEADER =
      "{\"format\":\"partywall-export/1\",\"service\":\"orders\",\"tenant\":\"acme\","
          + "\"incarnation\":1,\"at\":\"2026-11-28T09:00:00.000Z\"}\n";
  private static final String NOTE = item("note", "n1", "{}");
  private static final String ORDER = item("order", "o1", "{\"a\":\"\u00e9\"}");
  private static final String FILE = file(HEADER + NOTE + ORDER, "{\"note\":1,\"order\":1}");

  private static String item(String collection, String id, String document) {
    return "{\"collection\":\"%s\",\"id\":\"%s\",\"version\":1,\"labels\":[],\"document\":%s}\n"
        .formatted(collection, id, document);
  }

  private static final Set<String> DECLARED = Set.of("order", "note");

  private static String file(String lines, String counts) {
    var hash = Sha256.hex(lines.getBytes(StandardCharsets.UTF_8));
    return lines + "{\"counts\":" + counts + ",\"sha256\":\"" + hash + "\"}\n";
  }

  private static List<String> read(String file) {
    return read(file.getBytes(StandardCharsets.UTF_8));
  }

  private static List<String> read(byte[] file) {
    var reader = new ImportFile(new ByteArrayInputStream(file), DECLARED);
    var ids = new ArrayList<String>();
    for (var item = reader.next(); item != null; item = reader.next()) {
      ids.add(item.key().id());
    }
    return ids;
  }

  private static void assertInvalid(String message, String file) {
    assertEquals(
        message, assertThrows(InvalidImportException.class, () -> read(file)).getMessage());
  }

  @Test
  void readsTheItemsOfACompleteFile() {
    var bytes = FILE.getBytes(StandardCharsets.UTF_8);
    var reader = new ImportFile(new ByteArrayInputStream(bytes), Set.of());
    assertEquals("acme", reader.header().tenant());
    assertEquals("n1", Objects.requireNonNull(reader.next()).key().id());
    assertEquals("{\"a\":\"\u00e9\"}", Objects.requireNonNull(reader.next()).document());
    assertNull(reader.next());
    assertEquals(Map.of("note", 1L, "order", 1L), reader.counts());
    assertEquals(List.of(), read(file(HEADER, "{}")));
  }

  @Test
  void rejectsAFileThatIsCutAtAnyByte() {
    var bytes = FILE.getBytes(StandardCharsets.UTF_8);
    for (var length = 0; length < bytes.length - 1; length++) {
      var cut = java.util.Arrays.copyOf(bytes, length);
      assertThrows(InvalidImportException.class, () -> read(cut), "length " + length);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{\"a\":\"\\ud800\"}", "{\"\\udc00\":1}", "{\"a\":[\"\\ud83d \\ude00\"]}"})
  void rejectsADocumentThatCannotBeReadAgain(String document) {
    var file = file(HEADER + item("note", "n1", document), "{\"note\":1}");
    assertThrows(InvalidImportException.class, () -> read(file));
  }

  @Test
  void acceptsACharacterOfTwoSurrogates() {
    var file = file(HEADER + item("note", "n1", "{\"a\":\"\\ud83d\\ude00\"}"), "{\"note\":1}");
    assertEquals(List.of("n1"), read(file));
  }

  @Test
  void acceptsAFileWithoutTheLineFeedOfItsLastLine() {
    assertEquals(List.of("n1", "o1"), read(FILE.strip()));
  }

  @Test
  void rejectsAFileWithAChangedBitInAnyByte() {
    var bytes = FILE.getBytes(StandardCharsets.UTF_8);
    for (var i = 0; i < bytes.length; i++) {
      var changed = bytes.clone();
      changed[i] ^= 1;
      assertThrows(InvalidImportException.class, () -> read(changed), "byte " + i);
    }
  }

  @Test
  void namesTheLineAndTheReason() {
    assertInvalid("Line 1 is missing: the file ends without its last line.", "");
    assertInvalid("Line 4 is missing: the file ends without its last line.", HEADER + NOTE + ORDER);
    assertInvalid("Line 3 has no end: the file is truncated.", HEADER + NOTE + "{");
    assertInvalid("Line 5 follows the last line.", FILE + "\n");
    assertInvalid(
        "Line 4 states other counts than the file has.",
        file(HEADER + NOTE + ORDER, "{\"note\":1,\"order\":2}"));
    assertInvalid("Line 4 states another hash than the file has.", FILE.replace("acme", "acmf"));
    assertInvalid(
        "Line 3 is not in the order of the collections and ids.",
        file(HEADER + ORDER + NOTE, "{\"note\":1,\"order\":1}"));
    assertInvalid(
        "Line 3 is not in the order of the collections and ids.",
        file(HEADER + NOTE + NOTE, "{\"note\":2}"));
    assertInvalid(
        "Line 2 has the collection idempotency, which belongs to the service.",
        file(HEADER + item("idempotency", "k", "{}"), "{\"idempotency\":1}"));
    assertInvalid(
        "Line 2 has a collection that the service does not declare.",
        file(HEADER + item("invoice", "n", "{}"), "{\"invoice\":1}"));
  }

  /** An export has the text as a string if a service does not store objects. */
  @Test
  void acceptsADocumentThatIsAnotherText() {
    for (var text : List.of("\"text\"", "\"[1]\"", "\"{ }\"", "\"{unfinished\"", "\"\"")) {
      assertEquals(
          List.of("n"), read(file(HEADER + item("note", "n", text), "{\"note\":1}")), text);
    }
    for (var other : List.of("1", "null", "[]", "true", "\"{}\"")) {
      assertThrows(
          InvalidImportException.class,
          () -> read(file(HEADER + item("note", "n", other), "{\"note\":1}")),
          other);
    }
  }

  @ParameterizedTest
  @CsvSource({".mark#a, b", "Note, n", "note, a#b", "note, ''"})
  void rejectsInvalidKeys(String collection, String id) {
    var file = file(HEADER + item(collection, id, "{}"), "{\"" + collection + "\":1}");
    assertThrows(InvalidImportException.class, () -> read(file));
  }

  @ParameterizedTest
  @CsvSource({"version\":1, version\":0", "version\":1, version\":-1", "[], [\"a\"]"})
  void rejectsOtherVersionsAndLabels(String valid, String invalid) {
    var file = file(HEADER + NOTE.replace(valid, invalid), "{\"note\":1}");
    assertThrows(InvalidImportException.class, () -> read(file));
  }

  @Test
  void acceptsDocumentsUpTo350Kilobytes() {
    var longest = "{\"a\":\"" + "x".repeat(350 * 1024 - 8) + "\"}";
    assertEquals(List.of("n"), read(file(HEADER + item("note", "n", longest), "{\"note\":1}")));
    assertInvalid(
        "Line 2 has a document of more than 350 KB.",
        file(HEADER + item("note", "n", longest.replaceFirst("x", "\u00e9")), "{\"note\":1}"));
  }

  @Test
  void rejectsALineThatIsTooLongWithoutReadingItCompletely() {
    var file = HEADER + "x".repeat(400 * 1024);
    assertInvalid("Line 2 has more than 362496 bytes.", file);
  }
}
