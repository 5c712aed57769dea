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

/** Tests that the code follows the architecture rules, and that each rule detects violations. */
class ArchitectureTest {
  private static final ArchitectureRules OURS = new ArchitectureRules("dev.partywall");
  private static final ArchitectureRules BROKEN =
      new ArchitectureRules("dev.partywall.architecture.broken");
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.partywall");
  private static final JavaClasses VIOLATING_CLASSES =
      new ClassFileImporter().importPackages(BROKEN.root());

  static Stream<ArchRule> rules() {
    return all(OURS).stream();
  }

  @ParameterizedTest
  @MethodSource("rules")
  void codeFollowsTheRule(ArchRule rule) {
    rule.check(CLASSES);
  }

  static Stream<ArchRule> violatedRules() {
    return all(BROKEN).stream();
  }

  @ParameterizedTest
  @MethodSource("violatedRules")
  void ruleDetectsItsViolation(ArchRule rule) {
    var result = rule.evaluate(VIOLATING_CLASSES);
    assertTrue(result.hasViolation(), () -> "violation not detected: " + rule.getDescription());
  }

  /** Only the name of the table type may contain the word. */
  @Test
  void ordersCodeDoesNotMentionTenants() throws IOException {
    try (var files = Files.walk(Path.of("src/main/java/dev/partywall/orders"))) {
      var violations =
          files.filter(Files::isRegularFile).filter(ArchitectureTest::mentionsTenant).toList();
      assertEquals(List.of(), violations);
    }
  }

  private static boolean mentionsTenant(Path file) {
    try {
      var text = Files.readString(file).replace("TenantTable", "");
      return text.toLowerCase(Locale.ROOT).contains("tenant");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void ruleForBusinessCodeDetectsTheBindingOfAnotherTenant() {
    var report =
        BROKEN.businessCodeDoesNotDependOnTenants().evaluate(VIOLATING_CLASSES).getFailureReport();
    for (var type : List.of("TenantContext", "TenantId", "Tenant")) {
      assertTrue(
          report.getDetails().stream()
              .anyMatch(line -> line.contains("BindsAnother") && line.contains("." + type + ".")),
          () -> "violation not detected: " + type + ": " + report);
    }
  }

  @Test
  void ruleForDynamoClientsDetectsBothWaysToBuildOne() {
    var report =
        BROKEN
            .onlyDynamoClientsBuildsDynamoClients()
            .evaluate(VIOLATING_CLASSES)
            .getFailureReport();
    for (var method : List.of("builder", "create")) {
      assertTrue(
          report.getDetails().stream().anyMatch(line -> line.contains("." + method + "()")),
          () -> "violation not detected: " + method + ": " + report);
    }
  }

  private static List<ArchRule> all(ArchitectureRules rules) {
    return Stream.concat(
            rules.packages().stream(),
            Stream.of(
                rules.storageAndIsolationUseOnlyApiErrors(),
                rules.businessCodeDoesNotDependOnTenants(),
                rules.onlyJdkServerUsesTheHttpServer(),
                rules.onlyDynamoClientsBuildsDynamoClients(),
                rules.noHiddenState(),
                rules.onlyMainReadsTheEnvironment(),
                rules.noGenericClassNames()))
        .toList();
  }
}
