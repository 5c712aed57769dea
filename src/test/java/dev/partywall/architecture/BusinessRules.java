package dev.partywall.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.lang.syntax.elements.GivenClassesConjunction;
import com.tngtech.archunit.lang.syntax.elements.GivenFieldsConjunction;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The rules for business code, which has no access to anything that does not belong to the bound
 * tenant. Business code is every package outside the kernel: a new capability needs no change here.
 */
record BusinessRules(ArchitectureRules rules) {
  /** The packages of the kernel for business code. */
  static final Set<String> PACKAGES = Set.of("error", "json", "http", "storage", "service");

  /** The types of {@code storage} for business code. The others reach past the bound tenant. */
  static final Set<String> STORAGE_API =
      Set.of(
          "TenantTable",
          "Item",
          "Key",
          "Index",
          "Query",
          "Page",
          "Write",
          "WriteCondition",
          "Outcome",
          "IdempotentWrites",
          "Ids",
          "Meter");

  /** The libraries for business code, as prefixes of type names. */
  private static final List<String> LIBRARIES =
      List.of(
          "java.",
          "com.fasterxml.jackson.",
          "org.jspecify.annotations.",
          "org.slf4j.Logger",
          "org.slf4j.event.",
          "org.slf4j.spi.LoggingEventBuilder");

  /** The library types for static fields of business code: all are immutable or thread-safe. */
  private static final Set<String> CONSTANTS =
      Set.of(
          "java.lang.String",
          "java.util.List",
          "java.util.Set",
          "java.util.Map",
          "java.util.Base64$Encoder",
          "java.util.Base64$Decoder",
          "java.util.regex.Pattern",
          "org.slf4j.Logger");

  /** Returns the rules by name. */
  Map<String, ArchRule> all() {
    var byName = new TreeMap<String, ArchRule>();
    byName.put(
        "business: packages",
        classes().that(isBusinessCode()).should(dependOnlyOnPermittedPackages()));
    byName.put("business: storage", business().should().dependOnClassesThat(areInternalStorage()));
    byName.put("business: libraries", business().should().dependOnClassesThat(areOtherLibraries()));
    byName.put("business: tenants", business().should().dependOnClassesThat(areNamedTenant()));
    byName.put("business: final fields", staticFields().should().notBeFinal());
    byName.put("business: constants", staticFields().should().haveRawType(notConstant()));
    byName.put(
        "business: initializers", business().should().callCodeUnitWhere(createsCollection()));
    return byName;
  }

  private GivenClassesConjunction business() {
    return noClasses().that(isBusinessCode());
  }

  private DescribedPredicate<JavaClass> isBusinessCode() {
    return describe("are business code", this::isBusiness);
  }

  /** A capability may use its own packages, and none of another capability. */
  private ArchCondition<JavaClass> dependOnlyOnPermittedPackages() {
    return new ArchCondition<>("depend on no package other than " + PACKAGES + " and their own") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        for (var dependency : type.getDirectDependenciesFromSelf()) {
          var other = dependency.getTargetClass().getBaseComponentType();
          if (rules.isInProject(other)
              && !rules.isIn(other, PACKAGES)
              && !rules.isIn(other, Set.of(top(type)))) {
            events.add(SimpleConditionEvent.violated(type, dependency.getDescription()));
          }
        }
      }
    };
  }

  /** Returns the package directly below the root. */
  private String top(JavaClass type) {
    return type.getPackageName().substring(rules.root().length() + 1).replaceFirst("\\..*", "");
  }

  private DescribedPredicate<JavaClass> areInternalStorage() {
    return describe(
        "are in storage, other than " + STORAGE_API,
        other -> rules.isIn(other, Set.of("storage")) && !isStorageApi(other));
  }

  private boolean isStorageApi(JavaClass type) {
    var outermost = type.getName().replaceFirst("\\$.*", "");
    return STORAGE_API.stream()
        .anyMatch(name -> outermost.equals(rules.root() + ".storage." + name));
  }

  private DescribedPredicate<JavaClass> areOtherLibraries() {
    return describe(
        "are in a library other than " + LIBRARIES + ", or in java.net",
        other -> {
          var name = other.getBaseComponentType().getName();
          var isLibrary = LIBRARIES.stream().anyMatch(name::startsWith);
          return !other.getBaseComponentType().isPrimitive()
              && !rules.isInProject(other.getBaseComponentType())
              && (!isLibrary || name.startsWith("java.net."));
        });
  }

  private DescribedPredicate<JavaClass> areNamedTenant() {
    return describe(
        "are named after tenants; only the table may be",
        other -> other.getSimpleName().contains("Tenant") && !rules.isIn(other, Set.of("storage")));
  }

  /** The static fields of business code, without those that the compiler generates. */
  private GivenFieldsConjunction staticFields() {
    return noFields()
        .that(
            describe(
                "are static fields of business code",
                (JavaField field) ->
                    isBusiness(field.getOwner())
                        && field.getModifiers().contains(JavaModifier.STATIC)
                        && !field.getModifiers().contains(JavaModifier.SYNTHETIC)));
  }

  /** A constant is also a value whose fields are all final. */
  private DescribedPredicate<JavaClass> notConstant() {
    return describe(
        "may be mutable",
        type ->
            !type.isPrimitive()
                && !CONSTANTS.contains(type.getName())
                && !type.getPackageName().startsWith("java.time")
                && !(rules.isInProject(type)
                    && type.getFields().stream()
                        .allMatch(field -> field.getModifiers().contains(JavaModifier.FINAL))));
  }

  /** A constant of an interface type such as Map must not be a mutable collection. */
  private static DescribedPredicate<JavaCall<?>> createsCollection() {
    return describe(
        "creates a mutable collection in a static initializer",
        call ->
            call.getOrigin().getName().equals("<clinit>")
                && isMutableCollection(call.getTargetOwner())
                && (call.getTarget().getName().equals("<init>")
                    || call.getTargetOwner().getPackageName().startsWith("java.util.concurrent")));
  }

  private static boolean isMutableCollection(JavaClass type) {
    return type.isAssignableTo(Collection.class) || type.isAssignableTo(Map.class);
  }

  private boolean isBusiness(JavaClass type) {
    return rules.isInProject(type)
        && !type.getPackageName().equals(rules.root())
        && !rules.isIn(type, ArchitectureRules.kernel());
  }
}
