package dev.partywall.architecture;

import static java.util.stream.Collectors.joining;

import com.tngtech.archunit.core.domain.JavaClass;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Collection;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Writes the public API of the library as text: a line for each public type that the author of a
 * service may use, followed by its public members in alphabetical order.
 */
final class PublicApi {
  /** The members of every record and enum. */
  private static final Set<String> IMPLICIT =
      Set.of("equals", "hashCode", "toString", "values", "valueOf");

  private PublicApi() {}

  /** Returns the lines of the types that are public in all enclosing types. */
  static String of(Collection<JavaClass> types) {
    return types.stream()
        .map(JavaClass::reflect)
        .filter(PublicApi::isPublic)
        .map(PublicApi::lines)
        .sorted()
        .collect(joining("\n"));
  }

  private static boolean isPublic(Class<?> type) {
    var enclosing = type.getEnclosingClass();
    return Modifier.isPublic(type.getModifiers()) && (enclosing == null || isPublic(enclosing));
  }

  private static String lines(Class<?> type) {
    var members =
        Stream.of(
                Arrays.stream(type.getDeclaredFields())
                    .filter(field -> Modifier.isPublic(field.getModifiers()))
                    .map(PublicApi::line),
                Arrays.stream(type.getDeclaredConstructors())
                    .filter(constructor -> Modifier.isPublic(constructor.getModifiers()))
                    .map(PublicApi::line),
                Arrays.stream(type.getDeclaredMethods())
                    .filter(method -> Modifier.isPublic(method.getModifiers()))
                    .filter(method -> !method.isSynthetic() && !isImplicit(type, method))
                    .map(PublicApi::line))
            .flatMap(lines -> lines)
            .sorted()
            .map(line -> "  " + line + "\n")
            .collect(joining());
    return header(type) + "\n" + members;
  }

  private static String header(Class<?> type) {
    var implemented =
        Arrays.stream(type.getGenericInterfaces())
            .map(PublicApi::simple)
            .collect(joining(", ", " : ", ""));
    return kind(type) + " " + type.getName() + (implemented.equals(" : ") ? "" : implemented);
  }

  private static String kind(Class<?> type) {
    if (type.isRecord()) {
      return "record";
    }
    if (type.isEnum()) {
      return "enum";
    }
    var kind = type.isInterface() ? "interface" : "class";
    return type.isSealed() ? "sealed " + kind : kind;
  }

  /** The accessor of a record component is public whenever its record is. */
  private static boolean isImplicit(Class<?> type, Method method) {
    var isAccessor =
        type.isRecord()
            && Arrays.stream(type.getRecordComponents())
                .map(RecordComponent::getAccessor)
                .anyMatch(method::equals);
    return isAccessor || IMPLICIT.contains(method.getName());
  }

  private static String line(Field field) {
    return simple(field.getGenericType()) + " " + field.getName();
  }

  private static String line(Constructor<?> constructor) {
    return "new" + parameters(constructor.getGenericParameterTypes());
  }

  private static String line(Method method) {
    var prefix = Modifier.isStatic(method.getModifiers()) ? "static " : "";
    return prefix
        + simple(method.getGenericReturnType())
        + " "
        + method.getName()
        + parameters(method.getGenericParameterTypes());
  }

  private static String parameters(java.lang.reflect.Type[] types) {
    return Arrays.stream(types).map(PublicApi::simple).collect(joining(", ", "(", ")"));
  }

  /** Returns a type without its packages. */
  private static String simple(java.lang.reflect.Type type) {
    return type.getTypeName().replaceAll("[a-z][a-z0-9]*\\.", "");
  }
}
