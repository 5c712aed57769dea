package dev.partywall;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
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
 * Reads variables and collects what is wrong with them, so that all faults can be told at once. A
 * value that does not hold is replaced by its default; nobody sees it, since the faults stop the
 * start.
 */
final class Environment {
  private final Map<String, String> variables;
  private final List<String> faults = new ArrayList<>();

  Environment(Map<String, String> variables) {
    this.variables = variables;
  }

  /** One line a fault, each naming its variable. */
  List<String> faults() {
    return List.copyOf(faults);
  }

  void fault(String name, String what) {
    faults.add(name + ": " + what);
  }

  /** A variable that is set to nothing counts as not set. */
  Optional<String> optional(String name) {
    return Optional.ofNullable(variables.get(name)).map(String::strip).filter(v -> !v.isEmpty());
  }

  String text(String name, String otherwise) {
    return optional(name).orElse(otherwise);
  }

  int number(String name, int otherwise, int least, int most) {
    return parsed(
        name,
        otherwise,
        "has to be a whole number from " + least + " to " + most,
        value -> {
          var number = Integer.parseInt(value);
          return number >= least && number <= most ? number : null;
        });
  }

  /** A host that this machine can listen at, as far as its name can tell. */
  String host(String name, String otherwise) {
    return parsed(
        name,
        otherwise,
        "has to be an address, or a name that can be resolved",
        value -> new InetSocketAddress(value, 0).isUnresolved() ? null : value);
  }

  boolean flag(String name) {
    return parsed(
        name,
        false,
        "has to be true or false",
        value ->
            switch (value.toLowerCase(Locale.ROOT)) {
              case "true" -> true;
              case "false" -> false;
              default -> null;
            });
  }

  String oneOf(String name, String otherwise, Set<String> allowed) {
    return parsed(
        name,
        otherwise,
        "has to be one of " + String.join(", ", allowed.stream().sorted().toList()),
        value -> allowed.contains(value) ? value : null);
  }

  /** Comma-separated values; empty ones are passed over. */
  List<String> list(String name, String otherwise) {
    return Arrays.stream(text(name, otherwise).split(",", -1))
        .map(String::strip)
        .filter(value -> !value.isEmpty())
        .toList();
  }

  /** As {@link #list}, and a fault where nothing but commas is given. */
  List<String> someOf(String name, String otherwise) {
    var values = list(name, otherwise);
    if (values.isEmpty()) {
      fault(name, "has to name at least one claim");
    }
    return values;
  }

  /** As {@link #list}, and a fault where there is no value. */
  List<String> requiredList(String name, String whatItIs) {
    var values = list(name, "");
    if (values.isEmpty()) {
      fault(name, "is required: " + whatItIs);
    }
    return values;
  }

  /** What is in the file that the variable names; a fault where it can't be read. */
  Optional<byte[]> file(String name) {
    var path = optional(name);
    if (path.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Files.readAllBytes(Path.of(path.get())));
    } catch (IOException | InvalidPathException e) {
      fault(name, "can't be read: " + e.getMessage());
      return Optional.empty();
    }
  }

  /** A fault unless each of the addresses is https, or http on this machine's loopback. */
  void requireSecure(String name, List<String> addresses) {
    for (var address : addresses) {
      if (!isSecure(address)) {
        fault(name, "has to be https (or http on loopback), without query or fragment: " + address);
      }
    }
  }

  private <T> T parsed(
      String name, T otherwise, String rule, Function<String, @Nullable T> parser) {
    var given = optional(name);
    if (given.isEmpty()) {
      return otherwise;
    }
    T value;
    try {
      value = parser.apply(given.get());
    } catch (NumberFormatException _) {
      value = null;
    }
    if (value == null) {
      fault(name, rule);
      return otherwise;
    }
    return value;
  }

  private static boolean isSecure(String address) {
    try {
      var uri = new URI(address);
      var scheme = String.valueOf(uri.getScheme());
      var host = uri.getHost();
      return host != null
          && uri.getRawQuery() == null
          && uri.getRawFragment() == null
          && uri.getRawUserInfo() == null
          && (scheme.equals("https") || (scheme.equals("http") && LOOPBACK.contains(host)));
    } catch (URISyntaxException _) {
      return false;
    }
  }

  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");
}
