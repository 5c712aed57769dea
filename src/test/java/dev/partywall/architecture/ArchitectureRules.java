package dev.partywall.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.lang.ArchRule;
import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * The architecture rules for the packages below {@code root}. The root is a parameter, because a
 * test applies the same rules to packages that violate them.
 */
record ArchitectureRules(String root) {
  /** The permitted dependencies of each package on other packages of the project. */
  static final Map<String, Set<String>> PERMITTED_DEPENDENCIES =
      Map.of(
          "http", Set.of(),
          "tenancy", Set.of("http"),
          "identity", Set.of("tenancy", "http"),
          "isolation", Set.of("tenancy", "http"),
          "storage", Set.of("isolation", "tenancy", "http"),
          "metering", Set.of("storage", "tenancy", "http"),
          "observability", Set.of("tenancy", "http"),
          "orders", Set.of("http", "storage"),
          "operations",
              Set.of(
                  "http",
                  "tenancy",
                  "identity",
                  "isolation",
                  "storage",
                  "metering",
                  "observability"));

  /** Only these packages may bind tenants. */
  private static final Set<String> KERNEL =
      Set.of(
          "http",
          "tenancy",
          "identity",
          "isolation",
          "storage",
          "metering",
          "observability",
          "operations");

  List<ArchRule> packages() {
    return PERMITTED_DEPENDENCIES.keySet().stream()
        .sorted()
        .map(this::hasOnlyPermittedDependencies)
        .toList();
  }

  private ArchRule hasOnlyPermittedDependencies(String packageName) {
    var allowed = PERMITTED_DEPENDENCIES.get(packageName);
    return noClasses()
        .that()
        .resideInAPackage(inside(packageName))
        .should()
        .dependOnClassesThat(
            DescribedPredicate.describe(
                "are in a package that " + packageName + " must not depend on",
                other ->
                    isInProject(other)
                        && !isIn(other, packageName)
                        && allowed.stream().noneMatch(name -> isIn(other, name))))
        .allowEmptyShould(true);
  }

  /** Storage and isolation use only the API errors of the HTTP package. */
  ArchRule storageAndIsolationUseOnlyApiErrors() {
    return noClasses()
        .that()
        .resideInAnyPackage(inside("storage"), inside("isolation"))
        .should()
        .dependOnClassesThat(
            DescribedPredicate.describe(
                "are in the HTTP package, other than API errors",
                other -> isIn(other, "http") && !isApiError(other)))
        .allowEmptyShould(true);
  }

  private static boolean isApiError(JavaClass type) {
    return type.getName().startsWith(ApiError.class.getName())
        || type.getName().startsWith(ApiException.class.getName());
  }

  ArchRule businessCodeDoesNotDependOnTenants() {
    return noClasses()
        .that(DescribedPredicate.describe("are business code", this::isBusiness))
        .should()
        .dependOnClassesThat(
            DescribedPredicate.describe(
                "are named after tenants",
                other -> other.getSimpleName().contains("Tenant") && !isIn(other, "storage")))
        .because("only the table, which is limited to the tenant, may have the word in its name")
        .allowEmptyShould(true);
  }

  ArchRule onlyJdkServerUsesTheHttpServer() {
    return noClasses()
        .that()
        .haveNameNotMatching(".*\\.JdkServer(\\$.*)?")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("com.sun.net.httpserver..")
        .allowEmptyShould(true);
  }

  /** The clients that this class builds map errors and report denials. No others may exist. */
  ArchRule onlyDynamoClientsBuildsDynamoClients() {
    return noClasses()
        .that()
        .haveNameNotMatching(".*\\.DynamoClients")
        .should()
        .callMethodWhere(
            DescribedPredicate.describe(
                "builds a DynamoDB client",
                (JavaMethodCall call) ->
                    call.getTargetOwner().isAssignableTo(DynamoDbClient.class)
                        && Set.of("builder", "create").contains(call.getTarget().getName())))
        .allowEmptyShould(true);
  }

  /** A ThreadLocal outlives its request, and all exchanges share the attributes of an exchange. */
  ArchRule noHiddenState() {
    return noClasses()
        .should()
        .dependOnClassesThat()
        .areAssignableTo(ThreadLocal.class)
        .orShould()
        .callMethodWhere(
            DescribedPredicate.describe(
                "sets an attribute of an exchange",
                (JavaMethodCall call) ->
                    call.getTarget().getName().equals("setAttribute")
                        && call.getTargetOwner().getName().startsWith("com.sun.net.httpserver")))
        .allowEmptyShould(true);
  }

  ArchRule onlyMainReadsTheEnvironment() {
    return noClasses()
        .that()
        .doNotHaveSimpleName("Main")
        .should()
        .callMethod(System.class, "getenv")
        .orShould()
        .callMethod(System.class, "getenv", String.class)
        .allowEmptyShould(true);
  }

  ArchRule noGenericClassNames() {
    return classes()
        .should(
            com.tngtech.archunit.lang.conditions.ArchConditions.not(
                com.tngtech.archunit.lang.conditions.ArchConditions.haveNameMatching(
                    ".*(Util|Utils|Helper|Manager|Impl)")))
        .allowEmptyShould(true);
  }

  /** Matches all packages outside the kernel, so a new capability needs no change here. */
  private boolean isBusiness(JavaClass type) {
    return isInProject(type)
        && !type.getPackageName().equals(root)
        && KERNEL.stream().noneMatch(name -> isIn(type, name));
  }

  private boolean isInProject(JavaClass type) {
    return type.getPackageName().startsWith(root);
  }

  private boolean isIn(JavaClass type, String packageName) {
    var name = type.getPackageName();
    return name.equals(root + "." + packageName) || name.startsWith(root + "." + packageName + ".");
  }

  private String inside(String packageName) {
    return root + "." + packageName + "..";
  }
}
