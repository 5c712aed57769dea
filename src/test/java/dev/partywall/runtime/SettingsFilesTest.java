package dev.partywall.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.orders.OrderRoutes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests the settings that are files. */
class SettingsFilesTest {
  private static final Declarations DECLARATIONS = ServiceFixture.declare(List.of(OrderRoutes::of));
  private static final Map<String, String> REQUIRED =
      Map.of(
          "AWS_REGION", "eu-central-1",
          "PARTYWALL_ISSUERS", "https://issuer.example.com/pool",
          "PARTYWALL_AUDIENCE", "orders",
          "PARTYWALL_ISOLATION", "application");

  @Test
  void reportsTheFaultsOfThePriceListWithItsVariable(@TempDir Path folder) throws Exception {
    var file = folder.resolve("prices.json");
    var variables = new HashMap<>(REQUIRED);
    variables.put("PARTYWALL_PRICES", file.toString());
    Files.writeString(file, "{\"currency\":\"EUR\",\"cost\":1}");
    assertEquals(List.of("PARTYWALL_PRICES: /cost: must be an object"), faults(variables));
    Files.writeString(file, "{\"currency\":\"EUR\",\"cost\":{\"notesCreated\":1}}");
    var unknown = "PARTYWALL_PRICES: /cost/notesCreated: is unknown; known: busyMs, ";
    assertTrue(faults(variables).getFirst().startsWith(unknown), faults(variables)::toString);
    Files.writeString(file, "{\"currency\":\"EUR\",\"cost\":{\"ordersPlaced\":1}}");
    assertTrue(Settings.from(variables, DECLARATIONS).usage().prices().isPresent());
  }

  @Test
  void readsTheTiersWithTheDeclaredFeatures(@TempDir Path folder) throws Exception {
    var file = folder.resolve("tiers.json");
    var variables = new HashMap<>(REQUIRED);
    variables.put("PARTYWALL_TIERS", file.toString());
    Files.writeString(file, "{\"free\":{\"features\":{\"order-notes\":true}},\"gold\":{}}");
    var tiers = Settings.from(variables, DECLARATIONS).tiers();
    assertEquals(Set.of("free", "gold"), tiers.names());
    assertEquals(Map.of("order-notes", true), tiers.of("free").features());
    Files.writeString(file, "{\"free\":{\"features\":{\"notes\":true}},\"gold\":7}");
    assertEquals(
        List.of(
            "PARTYWALL_TIERS: /free/features/notes: is unknown; known: order-notes",
            "PARTYWALL_TIERS: /gold: must be an object"),
        faults(variables));
  }

  /** An invalid path can result from the encoding of file names, so it is not a defect. */
  @Test
  void reportsAnUnusableJournalTogetherWithOtherFaults(@TempDir Path folder) throws Exception {
    var file = Files.writeString(folder.resolve("file"), "not a folder");
    for (var path : List.of(file.toString(), file.resolve("journal").toString(), "a\0b")) {
      var variables = new HashMap<>(REQUIRED);
      variables.put("PARTYWALL_PORT", "x");
      variables.put("PARTYWALL_JOURNAL_DIR", path);
      assertEquals(
          List.of(
              "PARTYWALL_PORT: must be an integer from 0 to 65535",
              "PARTYWALL_JOURNAL_DIR: must be a folder in which the service can create files: "
                  + path),
          faults(variables));
    }
  }

  @Test
  void doesNotCreateTheJournal(@TempDir Path folder) throws Exception {
    var journal = folder.resolve("a/b");
    var variables = new HashMap<>(REQUIRED);
    variables.put("PARTYWALL_JOURNAL_DIR", journal.toString());
    assertEquals(journal, Settings.from(variables, DECLARATIONS).usage().journal());
    assertFalse(Files.exists(journal.getParent()));
  }

  private static List<String> faults(Map<String, String> variables) {
    return assertThrows(
            Settings.InvalidSettingsException.class, () -> Settings.from(variables, DECLARATIONS))
        .faults();
  }
}
