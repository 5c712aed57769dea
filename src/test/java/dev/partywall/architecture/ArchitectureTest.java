package dev.partywall.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The house is as it is drawn; and the drawing is able to say no. */
class ArchitectureTest {
  private static final Rules OURS = new Rules("dev.partywall");
  private static final Rules BROKEN = new Rules("dev.partywall.architecture.broken");
  private static final JavaClasses HOUSE =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.partywall");
  private static final JavaClasses BROKEN_HOUSE =
      new ClassFileImporter().importPackages(BROKEN.root());

  static Stream<ArchRule> rules() {
    return all(OURS).stream();
  }

  @ParameterizedTest
  @MethodSource("rules")
  void theHouseHolds(ArchRule rule) {
    rule.check(HOUSE);
  }

  static Stream<ArchRule> rulesThatAreBroken() {
    return all(BROKEN).stream();
  }

  @ParameterizedTest
  @MethodSource("rulesThatAreBroken")
  void aHouseThatBreaksARuleIsFound(ArchRule rule) {
    var result = rule.evaluate(BROKEN_HOUSE);
    assertTrue(result.hasViolation(), () -> "nobody noticed: " + rule.getDescription());
  }

  /** The one word that may stand there is the table's name. */
  @Test
  void theCodeThatSellsOrdersSaysNothingAboutTenants() throws IOException {
    try (var files = Files.walk(Path.of("src/main/java/dev/partywall/orders"))) {
      var telling =
          files.filter(Files::isRegularFile).filter(ArchitectureTest::saysTenant).toList();
      assertEquals(List.of(), telling);
    }
  }

  private static boolean saysTenant(Path file) {
    try {
      var text = Files.readString(file).replace("TenantTable", "");
      return text.toLowerCase(Locale.ROOT).contains("tenant");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void businessCodeThatBindsAnotherTenantIsFoundByTheRuleForIt() {
    var report = BROKEN.businessCodeKnowsNoTenant().evaluate(BROKEN_HOUSE).getFailureReport();
    for (var type : List.of("TenantContext", "TenantId", "Tenant")) {
      assertTrue(
          report.getDetails().stream()
              .anyMatch(it -> it.contains("BindsAnother") && it.contains("." + type + ".")),
          () -> "nobody noticed " + type + ": " + report);
    }
  }

  private static List<ArchRule> all(Rules rules) {
    return Stream.concat(
            rules.packages().stream(),
            Stream.of(
                rules.belowHttpOnlyRefusals(),
                rules.businessCodeKnowsNoTenant(),
                rules.oneFileKnowsTheServer(),
                rules.noHiddenState(),
                rules.onlyMainReadsTheEnvironment(),
                rules.namesSayWhatAThingIs()))
        .toList();
  }
}
