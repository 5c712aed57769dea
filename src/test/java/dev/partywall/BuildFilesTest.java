package dev.partywall;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Checks the POM of this project and that of services as texts. */
class BuildFilesTest {
  /**
   * Otherwise Maven selects no JDK if its own one is suitable, and the programs that it starts run
   * with the first {@code java} on the path, which may be older.
   */
  @ParameterizedTest
  @ValueSource(strings = {"pom.xml", "src/parent/pom.xml"})
  void programsRunWithTheSelectedJdkEvenIfMavenRunsWithASuitableOne(String pom) throws IOException {
    var text = Files.readString(Path.of(pom));
    var plugin = text.substring(text.indexOf("<artifactId>maven-toolchains-plugin"));
    assertTrue(plugin.substring(0, plugin.indexOf("</plugin>")).contains("<useJdk>Never</useJdk>"));
  }
}
