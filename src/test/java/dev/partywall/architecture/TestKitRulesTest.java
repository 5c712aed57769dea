package dev.partywall.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Tests that the test kit follows its rules, and that the rules detect violations. */
class TestKitRulesTest {
  private static final String ROOT = ProjectClasses.ROOT;
  private static final JavaClasses CLASSES = ProjectClasses.ALL;

  private static TestKitRules rules(String... packages) {
    return new TestKitRules(new ArchitectureRules(ROOT), Set.of(packages), ProjectClasses::isTest);
  }

  @Test
  void theTestKitUsesOnlyItselfAndTheKernel() {
    var kit = rules("local", "testkit");
    kit.noOtherTestsAndNoProduct().check(CLASSES);
    kit.noOtherLibraries().check(CLASSES);
  }

  /** {@code ./mvnw -Plocal} compiles no other tests than these packages. */
  @Test
  void theLocalStackOfOrdersUsesNoOtherTests() {
    noClasses()
        .that()
        .resideInAPackage(ROOT + ".orders.local..")
        .and()
        .haveNameNotMatching(".*Test(\\$.*)?")
        .should()
        .dependOnClassesThat(
            describe(
                "are other tests",
                type ->
                    ProjectClasses.isTest(type)
                        && !type.getPackageName().matches(ROOT + "\\.(orders\\.)?local.*")))
        .check(CLASSES);
  }

  @Test
  void detectsTheProduct() {
    assertViolation(rules("local", "orders.local").noOtherTestsAndNoProduct(), "OrderRoutes");
    assertViolation(rules("attack").noOtherTestsAndNoProduct(), "orders.OrderRoutes");
  }

  /** A test fixture can be in a package of the kernel. */
  @Test
  void detectsFixturesOfOtherTests() {
    assertViolation(rules("orders", "runtime").noOtherTestsAndNoProduct(), "PartywallProcess");
    assertViolation(rules("attack").noOtherTestsAndNoProduct(), "http.server.RawClient");
  }

  @Test
  void detectsLibrariesOfOtherTests() {
    assertViolation(rules("orders").noOtherLibraries(), "com.networknt");
    assertViolation(rules("observability").noOtherLibraries(), "org.junit.platform");
  }

  private static void assertViolation(ArchRule rule, String detail) {
    var error = assertThrows(AssertionError.class, () -> rule.check(CLASSES));
    assertTrue(String.valueOf(error.getMessage()).contains(detail), error::getMessage);
  }
}
