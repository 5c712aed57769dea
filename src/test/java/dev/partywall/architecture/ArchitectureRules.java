package dev.partywall.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

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
          Map.entry("registry", Set.of("tenancy", "http", "storage")),
          Map.entry("metering", Set.of("tenancy", "http", "storage")),
          Map.entry("observability", Set.of("tenancy", "http")),
          Map.entry("service", Set.of("http", "storage")),
          Map.entry("peers", Set.of("http", "tenancy", "service")),
          Map.entry("operations", Set.of("http", "identity", "storage", "tenancy", "metering")),
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
                  "peers",
                  "registry",
                  "operations")));

  /** The packages whose parts must not depend on each other in a cycle. */
  private static final List<String> WITH_PARTS =
      List.of("http", "tenancy", "metering", "observability");

  /** Returns the packages of the kernel, in alphabetical order. */
  static Set<String> kernel() {
    return new TreeSet<>(KERNEL.keySet());
  }

  /** Returns the packages that a package of the kernel, or business code, may depend on. */
  static Set<String> permitted(String packageName) {
    var permitted = new TreeSet<>(KERNEL.getOrDefault(packageName, BusinessRules.PACKAGES));
    if (KERNEL.containsKey(packageName) && !COMMON.contains(packageName)) {
      permitted.addAll(COMMON);
    }
    return permitted;
  }

  /** Returns all rules. */
  SortedMap<String, ArchRule> all() {
    var rules = new TreeMap<String, ArchRule>();
    kernel().forEach(name -> rules.put("package " + name, dependencies(name)));
    WITH_PARTS.forEach(name -> rules.put("cycles in " + name, noCycles(name)));
    rules.putAll(new BusinessRules(this).all());
    rules.put(
        "http server",
        onlyUsesPackage(
            "http\\.server\\.(JdkServer|ServedExchange|ResponseSender)",
            "com.sun.net.httpserver.."));
    rules.put("http client", onlyUsesPackage("http\\.client\\.OutgoingHttp", "java.net.http.."));
    rules.put("dynamo clients", onlyDynamoClientsBuildsDynamoClients());
    rules.put("thread locals", noThreadLocals());
    rules.put("exchange attributes", noExchangeAttributes());
    rules.put("environment", onlyPartywallReadsTheEnvironment());
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

  /** The package itself counts as one of its parts. */
  private ArchRule noCycles(String packageName) {
    return slices()
        .assignedFrom(
            new SliceAssignment() {
              @Override
              public String getDescription() {
                return "the parts of " + packageName;
              }

              @Override
              public SliceIdentifier getIdentifierOf(JavaClass type) {
                return isIn(type, Set.of(packageName))
                    ? SliceIdentifier.of(partOf(type, packageName))
                    : SliceIdentifier.ignore();
              }
            })
        .should()
        .beFreeOfCycles();
  }

  private String partOf(JavaClass type, String packageName) {
    var parts =
        type.getPackageName().substring((root + "." + packageName).length()).split("\\.", -1);
    return parts.length < 2 ? packageName : packageName + "." + parts[1];
  }

  /** The type with this pattern, and its nested types, are the only users of the package. */
  private ArchRule onlyUsesPackage(String user, String packageName) {
    return noClasses()
        .that(
            describe(
                "are not " + user,
                type -> !type.getName().matches(root + "\\." + user + "(\\$.*)?")))
        .should()
        .dependOnClassesThat()
        .resideInAPackage(packageName);
  }

  /** The clients that this class builds map errors and report denials. No others may exist. */
  private static ArchRule onlyDynamoClientsBuildsDynamoClients() {
    return noClasses()
        .that()
        .haveNameNotMatching(".*\\.DynamoClients")
        .should()
        .callMethodWhere(
            DescribedPredicate.describe(
                "builds a DynamoDB client",
                (JavaMethodCall call) ->
                    call.getTargetOwner().isAssignableTo(DynamoDbClient.class)
                        && Set.of("builder", "create").contains(call.getTarget().getName())));
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

  private ArchRule onlyPartywallReadsTheEnvironment() {
    return noClasses()
        .that()
        .doNotHaveFullyQualifiedName(root + ".Partywall")
        .should()
        .callMethod(System.class, "getenv")
        .orShould()
        .callMethod(System.class, "getenv", String.class);
  }

  boolean isInProject(JavaClass type) {
    var name = type.getPackageName();
    return name.equals(root) || name.startsWith(root + ".");
  }

  boolean isIn(JavaClass type, Set<String> packages) {
    var name = type.getPackageName() + ".";
    return packages.stream().anyMatch(known -> name.startsWith(root + "." + known + "."));
  }
}
