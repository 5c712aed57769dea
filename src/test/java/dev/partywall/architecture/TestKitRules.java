package dev.partywall.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The rules for the classes that the test kit contains. Projects use it without the other tests and
 * without the product.
 *
 * @param rules the architecture rules, with the root package
 * @param packages the packages of the test kit
 * @param isTest whether a class is compiled from the tests
 */
record TestKitRules(ArchitectureRules rules, Set<String> packages, Predicate<JavaClass> isTest) {
  /** The libraries of our tests that the test kit's users do not have. */
  private static final Set<String> LIBRARIES =
      Set.of("org.mockito", "org.junit.platform", "com.tngtech", "com.networknt", "org.hawkular");

  /** The kit uses only itself and the kernel. */
  ArchRule noOtherTestsAndNoProduct() {
    return noClasses()
        .that(describe("are in the test kit", this::isInKit))
        .should()
        .dependOnClassesThat(
            describe(
                "are in other tests or in the product",
                other -> rules.isInProject(other) && !isInKit(other) && !isInKernel(other)));
  }

  /** The kit uses only libraries that a project with the kit has. */
  ArchRule noOtherLibraries() {
    return noClasses()
        .that(describe("are in the test kit", this::isInKit))
        .should()
        .dependOnClassesThat(
            describe(
                "are in " + LIBRARIES,
                other ->
                    LIBRARIES.stream().anyMatch(library -> other.getName().startsWith(library))));
  }

  private boolean isInKit(JavaClass type) {
    var outermost = type.getName().replaceFirst("\\$.*", "");
    return rules.isIn(type, packages) && !outermost.endsWith("Test");
  }

  private boolean isInKernel(JavaClass type) {
    return !isTest.test(type)
        && (rules.isIn(type, ArchitectureRules.kernel())
            || type.getName().matches(rules.root() + "\\.Partywall(\\$.*)?"));
  }
}
