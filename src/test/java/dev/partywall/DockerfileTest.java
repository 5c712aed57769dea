package dev.partywall;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Checks the Dockerfile as a text; {@code ./mvnw -Pimage} builds and runs the image. */
class DockerfileTest {
  private static final String JAR = "/opt/partywall/partywall.jar";
  private static final String CACHE = "-XX:AOTCache=/opt/partywall/partywall.aot";

  /** The instructions, each in one line. */
  private final List<String> instructions;

  DockerfileTest() throws IOException {
    instructions =
        Files.readString(Path.of("Dockerfile"))
            .replace("\\\n", " ")
            .lines()
            .filter(line -> !line.isBlank() && !line.startsWith("#"))
            .map(line -> line.strip().replaceAll(" +", " "))
            .toList();
  }

  /** Otherwise a builder that rounds the time of the jar makes the cache useless. */
  @Test
  void theJarHasAWholeSecondBeforeTheTraining() {
    var training = only("-Ptraining");
    var touch = training.indexOf("touch -d \"@$(date +%s)\" " + JAR);
    assertTrue(touch > training.indexOf("cp target/partywall.jar /opt/partywall/"), training);
    assertTrue(touch < training.indexOf("-Ptraining"), training);
  }

  @Test
  void theBuildFailsIfTheJvmRejectsTheCacheInTheFinalImage() {
    var check = only("-XX:AOTMode=on");
    assertTrue(check.startsWith("RUN [\"/opt/jre/bin/java\""), check);
    assertTrue(check.contains("\"" + CACHE + "\""), check);
    assertTrue(
        instructions.indexOf(check) > instructions.lastIndexOf(only("COPY --from=build --chown")));
    assertTrue(only("ENTRYPOINT").contains("\"" + CACHE + "\", \"-jar\", \"" + JAR + "\"]"));
  }

  @Test
  void theServiceRunsAsAnotherUserThanRootAndProbesReachItsManagementPort() {
    assertEquals("USER 65532:65532", only("USER"));
    assertEquals("ENV PARTYWALL_MANAGEMENT_HOST=0.0.0.0", only("ENV"));
    assertEquals("EXPOSE 8080 9090", only("EXPOSE"));
    assertTrue(only("HEALTHCHECK").endsWith("\"" + JAR + "\", \"health\"]"));
  }

  private String only(String text) {
    var found = instructions.stream().filter(line -> line.contains(text)).toList();
    assertEquals(1, found.size(), found::toString);
    return found.getFirst();
  }
}
