package dev.partywall.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
  @Test
  void roundTripsAValue() {
    var text = "{\"a\":[1,-2,3.5,true,null],\"b\":{\"c\":\"é😀\\\"\"}}";

    assertEquals(text, new String(Json.write(Json.parse(utf8(text))), StandardCharsets.UTF_8));
  }

  @Test
  void distinguishesIntegersFromOtherNumbersOfEqualValue() {
    var value = Json.parse(utf8("[5,5.0,5e0,\"5\"]"));

    assertTrue(value.get(0).isIntegralNumber());
    for (var i = 1; i < 4; i++) {
      assertFalse(value.get(i).isIntegralNumber());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "{}}",
        "{} {}",
        "{}x",
        "1 2",
        "{\"a\":1,\"a\":2}",
        "{\"b\":[{\"a\":1,\"\\u0061\":1}]}",
        "{a:1}",
        "{'a':1}",
        "{\"a\":1,}",
        "[1,]",
        "[,1]",
        "// no\n{}",
        "/* no */{}",
        "NaN",
        "Infinity",
        "+1",
        "01",
        ".5",
        "1.",
        "0x1",
        "1e",
        "True",
        "nul",
        "\"a\nb\"",
        "\"a\u0000b\"",
        "\"\\x\"",
        "\"\\u12\"",
        "\"\\ud800\"",
        "\"\\udc00\\ud800\"",
        "\"a\\ud83dz\"",
        "{\"\\ud800\":1}",
        "[[\"\\udfff\"]]",
        "\uFEFF{}"
      })
  void rejectsAnythingButExactlyOneValue(String text) {
    assertRejected(utf8(text));
  }

  @Test
  void rejectsExcessiveDepthAndLength() {
    assertRejected(utf8("[".repeat(33) + "]".repeat(33)));
    assertRejected(utf8("[".repeat(200_000)));
    assertRejected(utf8("1".repeat(101)));
    assertRejected(utf8("{\"" + "a".repeat(300_000) + "\":1}"));
    assertEquals(1, Json.parse(utf8("[".repeat(32) + "]".repeat(32))).size());
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32", "UTF-32LE", "ISO-8859-1"})
  void rejectsOtherEncodings(String charset) {
    assertRejected("{\"ä\":1}".getBytes(Charset.forName(charset)));
  }

  @Test
  void rejectsInvalidUtf8() {
    assertRejected(new byte[] {'"', (byte) 0xed, (byte) 0xa0, (byte) 0x80, '"'});
    assertRejected(new byte[] {'"', (byte) 0xc0, (byte) 0xaf, '"'});
    assertRejected(new byte[] {'"', (byte) 0xff, '"'});
  }

  @Test
  void acceptsAnEscapedSurrogatePair() {
    assertEquals("😀", Json.parse(utf8("\"\\ud83d\\ude00\"")).textValue());
  }

  @Test
  void aNewThreadReusesTheBuffersOfOthers() throws Exception {
    var least = Long.MAX_VALUE;
    for (var i = 0; i < 20; i++) { // other tests can occupy all pooled buffers
      var bytes = new FutureTask<>(JsonTest::bytesOfADocument);
      Thread.ofPlatform().start(bytes);
      least = Math.min(least, bytes.get());
    }
    assertTrue(least < 6_000, least + " bytes for a document of 9 bytes");
  }

  private static long bytesOfADocument() {
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    var before = threads.getCurrentThreadAllocatedBytes();
    Json.write(out -> out.writeString("content"));
    return threads.getCurrentThreadAllocatedBytes() - before;
  }

  private static void assertRejected(byte[] bytes) {
    var rejected = assertThrows(MalformedJsonException.class, () -> Json.parse(bytes));

    assertTrue(rejected.sentence("The request body").length() < 120);
    assertFalse(rejected.sentence("It").matches(".*(java|jackson|Exception|Stream|Node).*"));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
