package dev.partywall.runtime;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonParser;
import dev.partywall.Main;
import dev.partywall.service.Capability;
import dev.partywall.service.Offering;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class HelpTextTest {
  private static final Capability NOTES =
      kernel -> {
        kernel.setting("NOTES_LIMIT", "The maximum length of a note (1000).");
        kernel.setting("NOTES_" + "X".repeat(40), "A long name.");
        return Offering.of("notes", List.of());
      };

  private final HelpText notes =
      new HelpText(ServiceFixture.declare(List.of(NOTES)), JsonParser.class);

  @Test
  void containsTheNameOfTheServiceAndItsSettings() {
    var text = notes.text();
    assertTrue(text.startsWith("notes: a service for many tenants"), text);
    assertTrue(text.contains("PARTYWALL_SERVICE                    name of the service"), text);
    assertTrue(text.contains("of its table (notes)\n"), text);
    assertTrue(
        text.endsWith(
            "\n\nThe service's own settings:\n\n"
                + "  NOTES_LIMIT                          The maximum length of a note (1000).\n"
                + "  NOTES_"
                + "X".repeat(40)
                + "\n"
                + "                                       A long name."),
        text);
    assertFalse(text.contains("{service}"));
  }

  @Test
  void omitsTheHeadingWithoutSettings() {
    Capability plain = _ -> Offering.of("plain", List.of());
    var text = new HelpText(ServiceFixture.declare(List.of(plain)), Main.class).text();
    assertFalse(text.contains("own settings"), text);
  }

  /** Jackson is an example of another jar with a version. */
  @Test
  void theVersionOfTheServiceIsThatOfItsJar() {
    assertTrue(
        notes.version().matches("notes \\d+\\.\\d+\\.\\d+ \\(partywall [^ ].*\\)"), notes::version);
  }

  @Test
  void aServiceOfThisProjectHasItsVersion() {
    var orders = new HelpText(ServiceFixture.declare(List.of(NOTES)), Main.class).version();
    assertTrue(orders.matches("partywall \\(?[^()]+\\)?"), orders);
  }

  /** The encoding of a container's standard output is often ASCII. */
  @Test
  void containsOnlyAscii() {
    var texts =
        Stream.of(
                "health",
                "adopt-tenants",
                "verify-audit",
                "verify-receipt",
                "export-usage",
                "reconcile-usage")
            .map(command -> HelpText.ofCommand(command).orElseThrow());
    Stream.concat(texts, Stream.of(notes.text()))
        .forEach(text -> assertTrue(US_ASCII.newEncoder().canEncode(text), text));
  }

  @Test
  void describesOnlyCommands() {
    assertTrue(HelpText.ofCommand("health").orElseThrow().startsWith("java -jar JAR health\n"));
    assertEquals(Optional.empty(), HelpText.ofCommand("heal"));
    assertEquals(Optional.empty(), HelpText.ofCommand("../runtime/help-health"));
  }
}
