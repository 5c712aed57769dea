package dev.partywall.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What each package may know, as rules over the packages below {@code root}. The root is a
 * parameter so that a test can hold the same rules against a house that breaks them.
 */
record Rules(String root) {
  /** The table of packages: each, and those of ours that it may know. */
  static final Map<String, Set<String>> MAY_KNOW =
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

  /** Its rooms may bind tenants; no other one may. */
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
    return MAY_KNOW.keySet().stream().sorted().map(this::knowsOnlyWhatItMay).toList();
  }

  private ArchRule knowsOnlyWhatItMay(String room) {
    var allowed = MAY_KNOW.get(room);
    return noClasses()
        .that()
        .resideInAPackage(inside(room))
        .should()
        .dependOnClassesThat(
            DescribedPredicate.describe(
                "live in a package of ours that " + room + " may not know",
                other ->
                    isOurs(other)
                        && !isIn(other, room)
                        && allowed.stream().noneMatch(a -> isIn(other, a))))
        .allowEmptyShould(true);
  }

  /** Storage and isolation say no in HTTP's words, and know nothing else of it. */
  ArchRule belowHttpOnlyRefusals() {
    return noClasses()
        .that()
        .resideInAnyPackage(inside("storage"), inside("isolation"))
        .should()
        .dependOnClassesThat(
            DescribedPredicate.describe(
                "are HTTP's, other than refusals",
                other -> isIn(other, "http") && !other.getName().contains(".Refus")))
        .allowEmptyShould(true);
  }

  ArchRule businessCodeKnowsNoTenant() {
    return noClasses()
        .that(DescribedPredicate.describe("are business code", this::isBusiness))
        .should()
        .dependOnClassesThat(
            DescribedPredicate.describe(
                "are named after tenants",
                other -> other.getSimpleName().contains("Tenant") && !isIn(other, "storage")))
        .because("only the table, which is the tenant's already, may carry the word")
        .allowEmptyShould(true);
  }

  ArchRule oneFileKnowsTheServer() {
    return noClasses()
        .that()
        .haveNameNotMatching(".*\\.JdkServer(\\$.*)?")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("com.sun.net.httpserver..")
        .allowEmptyShould(true);
  }

  /**
   * A ThreadLocal outlives its request, and an exchange's attributes are shared by all exchanges.
   */
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

  ArchRule namesSayWhatAThingIs() {
    return classes()
        .should(
            com.tngtech.archunit.lang.conditions.ArchConditions.not(
                com.tngtech.archunit.lang.conditions.ArchConditions.haveNameMatching(
                    ".*(Util|Utils|Helper|Manager|Impl)")))
        .allowEmptyShould(true);
  }

  /** Whatever is no room of the kernel: a new capability needs no new line here. */
  private boolean isBusiness(JavaClass type) {
    return isOurs(type)
        && !type.getPackageName().equals(root)
        && KERNEL.stream().noneMatch(room -> isIn(type, room));
  }

  private boolean isOurs(JavaClass type) {
    return type.getPackageName().startsWith(root);
  }

  private boolean isIn(JavaClass type, String room) {
    var name = type.getPackageName();
    return name.equals(root + "." + room) || name.startsWith(root + "." + room + ".");
  }

  private String inside(String room) {
    return root + "." + room + "..";
  }
}
