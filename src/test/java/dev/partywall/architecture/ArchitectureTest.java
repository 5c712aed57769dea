package dev.partywall.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.lang.ArchRule;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests that the code follows the architecture rules. */
class ArchitectureTest {
  private static final Path MAIN = Path.of("src/main/java");
  private static final Path TESTS = Path.of("src/test/java");

  /** The product, and the other capabilities in the tests. */
  private static final JavaClasses CLASSES =
      ProjectClasses.ALL.that(
          DescribedPredicate.describe(
              "are not tests",
              type -> !ProjectClasses.isTest(type) || isNotes(ProjectClasses.locationOf(type))));

  private static boolean isNotes(Location location) {
    return location.contains("/notes/") && !location.contains("Test.class");
  }

  static Stream<Arguments> rules() {
    return new ArchitectureRules(ProjectClasses.ROOT)
        .all().entrySet().stream().map(rule -> Arguments.of(rule.getKey(), rule.getValue()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rules")
  void theCodeFollowsTheRule(String name, ArchRule rule) {
    rule.check(CLASSES);
  }

  /** Otherwise every rule would hold for an empty codebase, or for one that was moved. */
  @Test
  void theRulesApplyToEveryPackage() {
    var packages = CLASSES.stream().map(ArchitectureTest::packageOf).collect(Collectors.toSet());
    var expected = new TreeSet<>(ArchitectureRules.kernel());
    expected.addAll(List.of("", "orders", "notes"));
    assertEquals(expected, new TreeSet<>(packages));
    assertTrue(CLASSES.size() > 300, () -> CLASSES.size() + " classes");
    assertTrue(SourceRules.files(MAIN).count() > 200);
    assertTrue(SourceRules.files(TESTS).count() > 200);
  }

  /** A permission that no code uses would hide a later violation. */
  @Test
  void everyPermissionIsUsed() {
    var used =
        CLASSES.stream()
            .flatMap(type ->
                type.getDirectDependenciesFromSelf().stream()
                    .map(dependency -> dependency.getTargetClass().getBaseComponentType())
                    .filter(other -> other.getPackageName().startsWith(ProjectClasses.ROOT))
                    .map(other -> packageOf(type) + " → " + packageOf(other)))
            .collect(Collectors.toSet());
    var unused =
        Stream.concat(ArchitectureRules.kernel().stream(), Stream.of("orders"))
            .flatMap(name ->
                ArchitectureRules.permitted(name).stream()
                    .filter(other -> !Set.of("error", "json", "concurrent").contains(other))
                    .map(other -> name + " → " + other))
            .filter(permission -> !used.contains(permission))
            .sorted()
            .toList();
    assertEquals(List.of(), unused);
  }

  @Test
  void everyStorageTypeForBusinessCodeExists() {
    var existing =
        CLASSES.stream()
            .filter(type -> type.getPackageName().equals(ProjectClasses.ROOT + ".storage"))
            .map(JavaClass::getSimpleName)
            .collect(Collectors.toSet());
    assertTrue(existing.containsAll(BusinessRules.STORAGE_API), existing::toString);
  }

  /** Only the name of the table type may contain the word. */
  @Test
  void ordersDoesNotMentionTenants() {
    assertEquals(
        List.of(), SourceRules.filesThatMentionTenants(MAIN.resolve("dev/partywall/orders")));
  }

  @Test
  void noPackageIsLarge() {
    assertEquals(List.of(), SourceRules.largePackages(MAIN));
  }

  @Test
  void noFileIsLong() {
    assertEquals(List.of(), SourceRules.longFiles(MAIN));
    assertEquals(List.of(), SourceRules.longFiles(TESTS));
  }

  @Test
  void noTwoTypesShareAName() {
    assertEquals(Map.of(), sharedNames(ProjectClasses.ALL));
  }

  /** Returns the top-level types whose simple name is not unique, by that name. */
  static Map<String, Set<String>> sharedNames(JavaClasses classes) {
    var byName =
        classes.stream()
            .filter(JavaClass::isTopLevelClass)
            .filter(type -> !type.getSimpleName().equals("package-info"))
            .collect(
                Collectors.groupingBy(
                    JavaClass::getSimpleName,
                    Collectors.mapping(JavaClass::getName, Collectors.toSet())));
    byName.values().removeIf(names -> names.size() == 1);
    return byName;
  }

  /** Returns the first part of the package below the root; an empty text for the root itself. */
  private static String packageOf(JavaClass type) {
    var name = (type.getPackageName() + ".").substring(ProjectClasses.ROOT.length() + 1);
    return name.substring(0, Math.max(0, name.indexOf('.')));
  }
}
