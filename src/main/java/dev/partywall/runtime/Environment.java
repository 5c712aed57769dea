package dev.partywall.runtime;

import dev.partywall.error.ApiError;
import dev.partywall.error.Faults;
import dev.partywall.isolation.RoleArn;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads variables and collects their faults, to report all faults together. An invalid value is
 * replaced by its default, which has no effect, because a fault prevents the start.
 */
final class Environment {
  private final Map<String, String> variables;
  private final Faults faults = new Faults();

  Environment(Map<String, String> variables) {
    this.variables = variables;
  }

  /** Returns the faults, each with its variable. */
  Faults faults() {
    return faults;
  }

  void fault(String name, String description) {
    // Two settings can use the same variable.
    if (!faults.list().contains(new ApiError.Fault(name, description))) {
      faults.add(name, description);
    }
  }

  /** Returns the value of a variable; a blank value counts as not set. */
  Optional<String> optional(String name) {
    return Optional.ofNullable(variables.get(name))
        .map(String::strip)
        .filter(value -> !value.isEmpty());
  }

  String text(String name, String defaultValue) {
    return optional(name).orElse(defaultValue);
  }

  int number(String name, int defaultValue, int min, int max) {
    return parsed(
        name,
        defaultValue,
        "must be an integer from " + min + " to " + max,
        value -> {
          var number = Integer.parseInt(value);
          return number >= min && number <= max ? number : null;
        });
  }

  /** Returns a host for a listener; only its name resolution is checked. */
  String host(String name, String defaultValue) {
    return parsed(
        name,
        defaultValue,
        "must be an address or a resolvable name",
        value -> new InetSocketAddress(value, 0).isUnresolved() ? null : value);
  }

  /** Returns the ARN of a role; empty if the variable is not set. */
  Optional<RoleArn> role(String name) {
    var value = optional(name);
    var role = value.flatMap(RoleArn::parse);
    if (value.isPresent() && role.isEmpty()) {
      fault(name, "must be the ARN of an IAM role");
    }
    return role;
  }

  boolean flag(String name) {
    return parsed(name, false, "must be true or false", Environment::flagOf);
  }

  private static @Nullable Boolean flagOf(String value) {
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "true" -> true;
      case "false" -> false;
      default -> null;
    };
  }

  /** Returns one of these values in lower case; the variable may have any case. */
  String oneOf(String name, String defaultValue, Set<String> allowed) {
    return parsed(
        name,
        defaultValue,
        "must be one of " + String.join(", ", allowed.stream().sorted().toList()),
        value -> {
          var lowerCase = value.toLowerCase(Locale.ROOT);
          return allowed.contains(lowerCase) ? lowerCase : null;
        });
  }

  /** Returns comma-separated values, without empty ones. */
  List<String> list(String name, String defaultValue) {
    return Arrays.stream(text(name, defaultValue).split(",", -1))
        .map(String::strip)
        .filter(value -> !value.isEmpty())
        .toList();
  }

  /** Returns values like {@link #list}, and adds a fault if the list is empty. */
  List<String> nonEmptyList(String name, String defaultValue) {
    var values = list(name, defaultValue);
    if (values.isEmpty()) {
      fault(name, "must name at least one claim");
    }
    return values;
  }

  /** Returns values like {@link #list}, and adds a fault if the variable is not set. */
  List<String> requiredList(String name, String description) {
    var values = list(name, "");
    if (values.isEmpty()) {
      fault(name, "is required: " + description);
    }
    return values;
  }

  /** Returns the content of the file that the variable names; adds a fault if it is unreadable. */
  Optional<byte[]> file(String name) {
    var path = optional(name);
    if (path.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Files.readAllBytes(Path.of(path.get())));
    } catch (IOException | InvalidPathException e) {
      fault(name, "cannot be read: " + e.getMessage());
      return Optional.empty();
    }
  }

  /**
   * Returns the path of a folder; adds a fault if the service cannot create files in it. Does not
   * create the folder: if it is missing, its nearest parent that exists is checked.
   */
  Path folder(String name, String defaultValue) {
    var value = text(name, defaultValue);
    try {
      var folder = Path.of(value);
      if (permitsFiles(folder)) {
        return folder;
      }
    } catch (InvalidPathException _) { // reported below
    }
    fault(name, "must be a folder in which the service can create files: " + value);
    return Path.of(defaultValue);
  }

  private static boolean permitsFiles(Path folder) {
    var existing = folder.toAbsolutePath();
    while (existing != null && Files.notExists(existing, LinkOption.NOFOLLOW_LINKS)) {
      existing = existing.getParent();
    }
    return existing != null && Files.isDirectory(existing) && Files.isWritable(existing);
  }

  /**
   * Converts the value of a variable; empty if the variable is not set, or if its value is invalid,
   * which adds a fault.
   *
   * @param parser throws {@link IllegalArgumentException} with the rule that the value violates
   */
  <T> Optional<T> parsed(String name, Function<String, T> parser) {
    return parsed(name, optional(name).stream().toList(), parser).stream().findFirst();
  }

  /**
   * Converts the values of a list, and adds a fault for each invalid one.
   *
   * @param parser throws {@link IllegalArgumentException} with the rule that a value violates
   */
  <T> List<T> parsed(String name, List<String> values, Function<String, T> parser) {
    var parsed = new ArrayList<T>();
    for (var value : values) {
      try {
        parsed.add(parser.apply(value));
      } catch (IllegalArgumentException e) {
        fault(name, String.valueOf(e.getMessage()));
      }
    }
    return parsed;
  }

  private <T> T parsed(
      String name, T defaultValue, String rule, Function<String, @Nullable T> parser) {
    var given = optional(name);
    if (given.isEmpty()) {
      return defaultValue;
    }
    T value;
    try {
      value = parser.apply(given.get());
    } catch (NumberFormatException _) {
      value = null;
    }
    if (value == null) {
      fault(name, rule);
      return defaultValue;
    }
    return value;
  }
}
