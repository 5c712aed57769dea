package dev.partywall.observability.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.partywall.tenancy.Identity;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.TestExecution;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;

/** A line stays one JSON object with intact standard fields, regardless of the logged values. */
class LogInjectionTest {
  private final CapturedLog log = new CapturedLog();
  private final Logger logger = log.logger("forged");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a\nb",
        "a\r\nb",
        "\",\"level\":\"ERROR",
        "\\",
        "\\\"",
        "a\u0000b",
        "\u001b[2J\u001b]0;t\u0007",
        "a\u007fb",
        "a\u009b31mb",
        "a\u0085b",
        "a\u2028b\u2029c",
        "\u202egnp.exe",
        "\u2066a\u2069",
        "\u200f\u061c\ufeff",
        "\ud83e\uddf1",
        "\ufffe\uffff",
        "{\"a\":1}",
      })
  void preservesAnyText(String text) {
    logger
        .atInfo()
        .addKeyValue("text", text)
        .addKeyValue(text, 1)
        .setCause(new IllegalStateException(text))
        .log(text);
    var line = log.singleLine();
    assertEquals(text, line.get("message").textValue());
    assertEquals(text, line.get("text").textValue());
    assertEquals(text, line.get("exception").get("message").textValue());
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\ud800b", "a\udc00b", "a\ud800", "\udc00"})
  void replacesLoneSurrogates(String text) {
    logger.info(text);
    assertEquals(
        text.replaceAll("[\\ud800-\\udfff]", "\ufffd"),
        log.singleLine().get("message").textValue());
  }

  @Test
  void leavesNoLoneSurrogateAtATruncation() {
    logger.info("\ud83e\uddf1".repeat(4_096).substring(0, 8_191) + "\ud83e\uddf1");
    assertTrue(log.singleLine().get("message").textValue().endsWith("\ufffd"));
  }

  @Test
  void writesValidLinesForRandomCharacters() {
    var random = new SplittableRandom(2026);
    for (var i = 0; i < 5_000; i++) {
      logger
          .atWarn()
          .addKeyValue(text(random), text(random))
          .addKeyValue(text(random), 1)
          .log(text(random));
    }
    assertEquals(5_000, log.lines().size());
  }

  @Test
  void renamesFieldsWithAReservedName() {
    var scope = TestExecution.create();
    scope.setIdentity(
        new Identity.TenantUser(
            new TenantId("acme"), Optional.empty(), "alice", Set.of(), TestExecution.ORIGIN));
    scope.call(() -> {
      var line = logger.atInfo();
      for (var name :
          new String[] {
            "timestamp",
            "level",
            "logger",
            "message",
            "tenant",
            "tier",
            "user",
            "traceId",
            "spanId",
            "requestId",
            "exception",
            "markers",
            "truncated",
            "hash"
          }) {
        line = line.addKeyValue(name, "forged");
      }
      line.log("mine");
      return this;
    });
    var line = log.singleLine();
    assertEquals("acme", line.get("tenant").textValue());
    assertEquals("forged", line.get("tenant_").textValue());
    assertEquals("INFO", line.get("level").textValue());
    assertEquals("mine", line.get("message").textValue());
    assertFalse(line.has("truncated"));
    assertFalse(line.has("tier"));
  }

  @Test
  void escapesSubjectAndTierOfAToken() {
    var scope = TestExecution.create();
    var forged = "a\",\"level\":\"ERROR\u001b[31m\n{}\u202e";
    scope.setIdentity(
        new Identity.TenantUser(
            new TenantId("acme"), Optional.of(forged), forged, Set.of(), TestExecution.ORIGIN));
    scope.call(() -> {
      logger.info("mine");
      return this;
    });
    assertEquals(forged, log.singleLine().get("user").textValue());
    assertEquals(forged, log.singleLine().get("tier").textValue());
  }

  @Test
  void makesEqualNamesUnique() {
    var key = "k".repeat(300);
    logger
        .atInfo()
        .addKeyValue("a", 1)
        .addKeyValue("a", 2)
        .addKeyValue("a_", 3)
        .addKeyValue(key + "1", 4)
        .addKeyValue(key + "2", 5)
        .log("twice");
    var values = new HashSet<Integer>();
    log.singleLine()
        .propertyStream()
        .map(Map.Entry::getValue)
        .filter(JsonNode::isInt)
        .forEach(value -> values.add(value.intValue()));
    assertEquals(5, values.size());
  }

  @Test
  void truncatesAndMarksALongLine() {
    logger
        .atInfo()
        .addKeyValue("big", "\u0000".repeat(1 << 20))
        .setCause(new IllegalStateException("z".repeat(1 << 20)))
        .log("y".repeat(1 << 20));
    var line = log.singleLine();
    assertTrue(line.get("truncated").booleanValue());
    assertEquals(8_192, line.get("message").textValue().length());
    assertTrue(log.rawLines().getFirst().length() < 60_000);
  }

  @Test
  void limitsTheNumberOfFields() {
    var line = logger.atInfo();
    for (var i = 0; i < 1_000; i++) {
      line = line.addKeyValue("k" + i, "\u0001".repeat(10_000));
    }
    line.log("many");
    assertEquals(936, log.singleLine().get("fieldsLeftOut").intValue());
    assertTrue(log.rawLines().getFirst().length() < 6 * 50_000);
  }

  @Test
  void doesNotMarkAShortMessageAsTruncated() {
    logger.info("y".repeat(8_192));
    assertFalse(log.singleLine().has("truncated"));
  }

  @Test
  void writesTheLineWhenToStringFails() {
    logger
        .atInfo()
        .addKeyValue("k", new FailingToString())
        .setCause(new FailingGetMessage())
        .log("x");
    assertTrue(log.singleLine().get("k").textValue().endsWith("toString() failed]"));
  }

  private static String text(SplittableRandom random) {
    var text = new StringBuilder();
    for (var i = random.nextInt(12); i > 0; i--) {
      text.append((char) random.nextInt(0x10000));
    }
    return text.toString();
  }

  private static final class FailingToString {
    @Override
    public String toString() {
      throw new IllegalStateException("failing on purpose");
    }
  }

  private static final class FailingGetMessage extends RuntimeException {
    private static final long serialVersionUID = 1L;

    @Override
    public String getMessage() {
      throw new IllegalStateException("failing on purpose");
    }
  }
}
