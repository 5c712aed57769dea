package dev.partywall.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMethodCall;
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
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The architecture rules for the packages below {@code root}, by name. The root is a parameter,
 * because a test applies the same rules to code that violates them.
 */
record ArchitectureRules(String root) {
  /** Every other package may use these. */
  private static final Set<String> COMMON = Set.of("error", "json", "concurrent");

  /** The packages of the kernel, each with its permitted dependencies, apart from the common. */
  private static final Map<String, Set<String>> KERNEL =
      Map.ofEntries(
          Map.entry("error", Set.of()),
          Map.entry("json", Set.of("error")),
          Map.entry("concurrent", Set.of()),
          Map.entry("http", Set.of()),
          Map.entry("tenancy", Set.of("http")),
          Map.entry("identity", Set.of("tenancy", "http")),
          Map.entry("isolation", Set.of("tenancy")),
          Map.entry("storage", Set.of("isolation", "tenancy")),
          Map.entry("metering", Set.of("tenancy", "http", "storage")),
          Map.entry("observability", Set.of("tenancy", "http")),
          Map.entry("service", Set.of("http", "storage")),
          Map.entry("operations", Set.of("http", "storage", "metering")),
          Map.entry(
              "runtime",
              Set.of(
                  "http",
                  "tenancy",
                  "identity",
                  "isolation",
                  "storage",
                  "metering",
                  "observability",
                  "service",
                  "operations")));

  /** The packages of the kernel for business code. */
  private static final Set<String> BUSINESS = Set.of("error", "json", "http", "storage", "service");

  /** The types of {@code storage} for business code. The others reach past the bound tenant. */
  private static final Set<String> STORAGE_API =
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
          "Ids");

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

  /** Returns the packages of the kernel, in alphabetical order. */
  static Set<String> kernel() {
    return new TreeSet<>(KERNEL.keySet());
  }

  /** Returns the packages that a package of the kernel, or business code, may depend on. */
  static Set<String> permitted(String packageName) {
    var permitted = new TreeSet<>(KERNEL.getOrDefault(packageName, BUSINESS));
    if (KERNEL.containsKey(packageName) && !COMMON.contains(packageName)) {
      permitted.addAll(COMMON);
    }
    return permitted;
  }

  /** Returns the types of {@code storage} for business code. */
  static Set<String> storageApi() {
    return STORAGE_API;
  }

  /** Returns all rules. */
  SortedMap<String, ArchRule> all() {
    var rules = new TreeMap<String, ArchRule>();
    kernel().forEach(name -> rules.put("package " + name, dependencies(name)));
    rules.put(
        "business: packages",
        classes().that(isBusinessCode()).should(dependOnlyOnPermittedPackages()));
    rules.put("business: storage", business().should().dependOnClassesThat(areInternalStorage()));
    rules.put("business: libraries", business().should().dependOnClassesThat(areOtherLibraries()));
    rules.put("business: tenants", business().should().dependOnClassesThat(areNamedTenant()));
    rules.put("business: final fields", staticFields().should().notBeFinal());
    rules.put("business: constants", staticFields().should().haveRawType(notConstant()));
    rules.put("business: initializers", business().should().callCodeUnitWhere(createsCollection()));
    rules.put("http server", onlyJdkServerUsesTheHttpServer());
    rules.put("thread locals", noThreadLocals());
    rules.put("exchange attributes", noExchangeAttributes());
    rules.put("environment", onlyMainReadsTheEnvironment());
    rules.put("names", noClasses().should().haveNameMatching(".*(Util|Utils|Helper|Manager|Impl)"));
    return rules;
  }

  private ArchRule dependencies(String packageName) {
    var permitted = permitted(packageName);
    return noClasses()
        .that()
        .resideInAPackage(root + "." + packageName + "..")
        .should()
        .dependOnClassesThat(
            describe(
                "are in a package other than " + permitted,
                other ->
                    isInProject(other)
                        && !isIn(other, Set.of(packageName))
                        && !isIn(other, permitted)));
  }

  private GivenClassesConjunction business() {
    return noClasses().that(isBusinessCode());
  }

  private DescribedPredicate<JavaClass> isBusinessCode() {
    return describe("are business code", this::isBusiness);
  }

  /** A capability may use its own packages, and none of another capability. */
  private ArchCondition<JavaClass> dependOnlyOnPermittedPackages() {
    return new ArchCondition<>("depend on no package other than " + BUSINESS + " and their own") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        for (var dependency : type.getDirectDependenciesFromSelf()) {
          var other = dependency.getTargetClass().getBaseComponentType();
          if (isInProject(other) && !isIn(other, BUSINESS) && !isIn(other, Set.of(top(type)))) {
            events.add(SimpleConditionEvent.violated(type, dependency.getDescription()));
          }
        }
      }
    };
  }

  /** Returns the package directly below the root. */
  private String top(JavaClass type) {
    return type.getPackageName().substring(root.length() + 1).replaceFirst("\\..*", "");
  }

  private DescribedPredicate<JavaClass> areInternalStorage() {
    return describe(
        "are in storage, other than " + STORAGE_API,
        other -> isIn(other, Set.of("storage")) && !isStorageApi(other));
  }

  private boolean isStorageApi(JavaClass type) {
    var outermost = type.getName().replaceFirst("\\$.*", "");
    return STORAGE_API.stream().anyMatch(name -> outermost.equals(root + ".storage." + name));
  }

  private DescribedPredicate<JavaClass> areOtherLibraries() {
    return describe(
        "are in a library other than " + LIBRARIES + ", or in java.net",
        other -> {
          var name = other.getBaseComponentType().getName();
          var isLibrary = LIBRARIES.stream().anyMatch(name::startsWith);
          return !other.getBaseComponentType().isPrimitive()
              && !isInProject(other.getBaseComponentType())
              && (!isLibrary || name.startsWith("java.net."));
        });
  }

  private DescribedPredicate<JavaClass> areNamedTenant() {
    return describe(
        "are named after tenants; only the table may be",
        other -> other.getSimpleName().contains("Tenant") && !isIn(other, Set.of("storage")));
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
                && !(isInProject(type)
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

  private ArchRule onlyJdkServerUsesTheHttpServer() {
    return noClasses()
        .that(
            describe(
                "are not JdkServer",
                type -> !type.getName().matches(root + "\\.http\\.server\\.JdkServer(\\$.*)?")))
        .should()
        .dependOnClassesThat()
        .resideInAPackage("com.sun.net.httpserver..");
  }

  /** A ThreadLocal outlives its request. */
  private static ArchRule noThreadLocals() {
    return noClasses().should().dependOnClassesThat().areAssignableTo(ThreadLocal.class);
  }

  /** All exchanges share the attributes of an exchange. */
  private static ArchRule noExchangeAttributes() {
    return noClasses()
        .should()
        .callMethodWhere(
            describe(
                "sets an attribute of an exchange",
                (JavaMethodCall call) ->
                    call.getTarget().getName().equals("setAttribute")
                        && call.getTargetOwner().getName().startsWith("com.sun.net.httpserver")));
  }

  private ArchRule onlyMainReadsTheEnvironment() {
    return noClasses()
        .that()
        .doNotHaveFullyQualifiedName(root + ".Main")
        .should()
        .callMethod(System.class, "getenv")
        .orShould()
        .callMethod(System.class, "getenv", String.class);
  }

  /** Every package outside the kernel is business code: a new capability needs no change here. */
  private boolean isBusiness(JavaClass type) {
    return isInProject(type) && !type.getPackageName().equals(root) && !isIn(type, KERNEL.keySet());
  }

  private boolean isInProject(JavaClass type) {
    var name = type.getPackageName();
    return name.equals(root) || name.startsWith(root + ".");
  }

  private boolean isIn(JavaClass type, Set<String> packages) {
    var name = type.getPackageName() + ".";
    return packages.stream().anyMatch(known -> name.startsWith(root + "." + known + "."));
  }
}
