package dev.partywall;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes.Name;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Creates jars that run a class of this test run, in place of a fat jar. */
public final class ClassPathJar {
  private ClassPathJar() {}

  /**
   * Returns the class path of this test run. That of a JVM of Surefire can be a jar that names it.
   */
  public static String classPath() {
    return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
  }

  /** Creates a jar with this main class, whose manifest names the class path of this JVM. */
  public static Path create(Path file, Class<?> main) throws IOException {
    var manifest = new Manifest();
    manifest.getMainAttributes().put(Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Name.MAIN_CLASS, main.getName());
    manifest
        .getMainAttributes()
        .put(
            Name.CLASS_PATH,
            Stream.of(classPath().split(File.pathSeparator))
                .map(entry -> Path.of(entry).toUri().toString())
                .collect(Collectors.joining(" ")));
    try (var jar = new JarOutputStream(Files.newOutputStream(file), manifest)) {
      jar.finish();
    }
    return file;
  }
}
