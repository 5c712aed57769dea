package dev.partywall.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The public API of the library is recorded in {@code docs/api.txt}. A change of the API is a
 * decision: it fails here until the record is changed as well, by {@code ./mvnw test
 * -Dtest=PublicApiTest -Dapi.record=write}.
 */
class PublicApiTest {
  private static final Path RECORD = Path.of("docs/api.txt");
  private static final String ROOT = ProjectClasses.ROOT;
  private static final Set<String> PACKAGES =
      Set.of(ROOT, ROOT + ".error", ROOT + ".http", ROOT + ".json", ROOT + ".service");

  @Test
  void equalsTheRecord() throws IOException {
    var api = PublicApi.of(types());
    if ("write".equals(System.getProperty("api.record"))) {
      Files.writeString(RECORD, api);
    }
    assertEquals(
        Files.readString(RECORD),
        api,
        "The public API has changed. If this is intended, update the record with"
            + " ./mvnw test -Dtest=PublicApiTest -Dapi.record=write");
  }

  @Test
  void containsTheEntryPointAndEachKindOfMember() {
    var api = PublicApi.of(types());
    for (var line :
        Set.of(
            "class dev.partywall.Partywall\n",
            "  static void run(String[], Capability[])\n",
            "interface dev.partywall.service.Kernel\n",
            "  Meter meter(String)\n",
            "record dev.partywall.service.Offering\n",
            "  new(String, List<Route>, Optional<String>)\n",
            "class dev.partywall.storage.TenantTable\n",
            "  Headers NONE\n")) {
      assertTrue(api.contains(line), line);
    }
  }

  private static List<JavaClass> types() {
    var library =
        ProjectClasses.ALL.stream()
            .filter(type -> !ProjectClasses.isTest(type) && isPartOfTheLibrary(type));
    var testKit =
        ProjectClasses.ALL.stream()
            .filter(type -> type.getPackageName().matches("dev\\.partywall\\.testkit(\\..*)?"))
            .filter(type -> !topLevelName(type).endsWith("Test"));
    return Stream.concat(library, testKit).toList();
  }

  private static boolean isPartOfTheLibrary(JavaClass type) {
    var name = topLevelName(type);
    return type.getPackageName().equals(ROOT + ".storage")
        ? BusinessRules.STORAGE_API.contains(name)
        : PACKAGES.contains(type.getPackageName()) && !name.equals("Main");
  }

  /** Returns the simple name of the outermost type. */
  private static String topLevelName(JavaClass type) {
    return type.getName().replaceAll("^.*\\.|\\$.*$", "");
  }
}
