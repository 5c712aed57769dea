package dev.partywall.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.Location;

/** The classes of the product and of its tests. A JVM reads them once, in about three seconds. */
final class ProjectClasses {
  /** The common package. */
  static final String ROOT = "dev.partywall";

  static final JavaClasses ALL = new ClassFileImporter().importPackages(ROOT);

  private ProjectClasses() {}

  static Location locationOf(JavaClass type) {
    return Location.of(type.getSource().orElseThrow().getUri());
  }

  /** Returns whether the class is compiled from the sources of the tests. */
  static boolean isTest(JavaClass type) {
    return type.getSource()
        .map(source -> Location.of(source.getUri()).contains("/test-classes/"))
        .orElse(false); // a class of the JDK or of a library
  }
}
