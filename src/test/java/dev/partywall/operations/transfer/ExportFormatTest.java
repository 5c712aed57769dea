package dev.partywall.operations.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.partywall.json.Json;
import dev.partywall.operations.transfer.ExportFormat.Header;
import dev.partywall.operations.transfer.ExportFormat.Trailer;
import dev.partywall.storage.IndexKeys;
import dev.partywall.storage.Key;
import dev.partywall.storage.content.StoredItem;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExportFormatTest {
  @Test
  void theHeaderNamesTheServiceAndTheTenant() {
    var header = new Header("orders", "acme", 2, Instant.parse("2026-11-28T08:00:00.120Z"));
    var line =
        "{\"format\":\"partywall-export/1\",\"service\":\"orders\",\"tenant\":\"acme\","
            + "\"incarnation\":2,\"at\":\"2026-11-28T08:00:00.120Z\"}\n";

    assertEquals(line, text(header.line()));
    assertEquals(header, Header.read(json(line)));
  }

  @Test
  void anItemHasItsStoredDocument() {
    var item =
        new StoredItem(
            new Key("order", "o-1"),
            3,
            Optional.of(new IndexKeys("open", "u-1")),
            "{\"a\":1,\"b\":\"ä\"}");
    var line =
        "{\"collection\":\"order\",\"id\":\"o-1\",\"version\":3,\"labels\":[\"open\",\"u-1\"],"
            + "\"document\":{\"a\":1,\"b\":\"ä\"}}\n";

    assertEquals(line, text(ExportFormat.line(item)));
    assertEquals(item, ExportFormat.read(json(line)));
  }

  @Test
  void anItemWithoutIndexKeysHasNoLabels() {
    var item = new StoredItem(new Key("note", "1"), 1, Optional.empty(), "{}");
    var line =
        "{\"collection\":\"note\",\"id\":\"1\",\"version\":1,\"labels\":[],\"document\":{}}\n";

    assertEquals(line, text(ExportFormat.line(item)));
    assertEquals(item, ExportFormat.read(json(line)));
  }

  /** Storage accepts any text as a document, and an import must restore it exactly. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "plain",
        "\"quoted\"",
        "[1]",
        "7",
        "{ \"a\": 1 }",
        "{\"a\":1.0,\"a\":2}",
        "{\"a\":1.50}",
        "{\"a\":\"\\u00e4\"}",
        "{\"a\":1}\n",
        "{unfinished"
      })
  void aDocumentInAnotherFormIsAString(String document) {
    var item = new StoredItem(new Key("note", "1"), 1, Optional.empty(), document);

    var line = ExportFormat.line(item);

    assertEquals(document, Json.parse(line).get("document").textValue());
    assertEquals(item, ExportFormat.read(Json.parse(line)));
  }

  @Test
  void theTrailerHasTheCountsInTheOrderOfTheCollections() {
    var trailer = new Trailer(Map.of("order", 2L, "note", 10L), "ab");
    var line = "{\"counts\":{\"note\":10,\"order\":2},\"sha256\":\"ab\"}\n";

    assertEquals(line, text(trailer.line()));
    assertEquals(trailer, Trailer.read(json(line)));
    assertTrue(Trailer.isTrailer(json(line)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"collection\":\"order\",\"id\":\"1\",\"version\":1,\"labels\":[]}\n",
        "{\"collection\":\"order\",\"id\":1,\"version\":1,\"labels\":[],\"document\":{}}\n",
        "{\"collection\":\"order\",\"id\":\"1\",\"version\":1.5,\"labels\":[],\"document\":{}}\n",
        "{\"collection\":\"order\",\"id\":\"1\",\"version\":-1,\"labels\":[],\"document\":{}}\n",
        "{\"collection\":\"order\",\"id\":\"1\",\"version\":1,\"labels\":{},\"document\":{}}\n",
        "{\"collection\":\"order\",\"id\":\"1\",\"version\":1,\"labels\":[1,2],\"document\":{}}\n",
        "{\"collection\":\"order\",\"id\":\"1\",\"version\":1,\"labels\":[\"a\"],\"document\":{}}\n",
        "{\"collection\":\"order\",\"id\":\"1\",\"version\":\"1\",\"labels\":[],\"document\":{}}\n",
        "{\"collection\":\"order\",\"id\":\"1\",\"version\":1,\"labels\":[\"a\",\"b\",\"c\"],"
            + "\"document\":{}}\n",
        "{\"collection\":\"order\",\"id\":\"1\",\"version\":1,\"labels\":[],\"document\":[]}\n",
        "{\"collection\":\"order\",\"id\":\"1\",\"version\":1,\"labels\":[],\"document\":{},"
            + "\"more\":1}\n",
        "{\"collection\":\".mark\",\"id\":\"1\",\"version\":1,\"labels\":[],\"document\":{}}\n",
        "{\"collection\":\"order\",\"id\":\"1#2\",\"version\":1,\"labels\":[],\"document\":{}}\n",
        "[]\n",
        "{}\n"
      })
  void aLineInAnotherFormIsRejected(String line) {
    assertThrows(IllegalArgumentException.class, () -> ExportFormat.read(json(line)));
  }

  @Test
  void aHeaderOfAnotherFormatIsRejected() {
    var line =
        "{\"format\":\"partywall-export/2\",\"service\":\"orders\",\"tenant\":\"acme\","
            + "\"incarnation\":1,\"at\":\"2026-11-28T08:00:00.000Z\"}\n";

    assertThrows(IllegalArgumentException.class, () -> Header.read(json(line)));
    assertThrows(IllegalArgumentException.class, () -> Header.read(json("{}\n")));
  }

  @Test
  void aLineCanHaveItsMembersInAnotherOrderAndWhiteSpace() {
    var line =
        "{ \"id\": \"o-1\", \"document\": {\"a\": 1}, \"labels\": [\"open\", \"u-1\"], "
            + "\"version\": 3, \"collection\": \"order\" }\n";
    assertEquals(
        new StoredItem(
            new Key("order", "o-1"), 3, Optional.of(new IndexKeys("open", "u-1")), "{\"a\":1}"),
        ExportFormat.read(json(line)));
  }

  private static JsonNode json(String line) {
    return Json.parse(line.getBytes(StandardCharsets.UTF_8));
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
