package dev.partywall.architecture;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.stream.Stream;
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
