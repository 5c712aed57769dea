package dev.partywall.runtime;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The texts of {@code --help} and {@code --version}.
 *
 * @param capability the class of the first capability, whose jar is the service's
 */
record HelpText(Declarations declarations, Class<?> capability) {
  private static final String KERNEL = "dev.partywall";
  private static final String NOT_PACKAGED = "(not packaged)";

  /** The width of the column for names in {@code help.txt}. */
  private static final int COLUMN = 37;

  /** Returns the text for a command, if it exists. */
  static Optional<String> ofCommand(String command) {
    return command.matches("[a-z-]+") ? resource("help-" + command + ".txt") : Optional.empty();
  }

  /** Returns the text for all commands and settings. */
  String text() {
    var kernel = resource("help.txt").orElseThrow();
    var settings =
        declarations.settings().stream().map(HelpText::line).collect(Collectors.joining());
    return kernel.replace("{service}", declarations.firstName())
        + (settings.isEmpty() ? "" : "\n\nThe service's own settings:\n" + settings);
  }

  private static String line(Declarations.DeclaredSetting setting) {
    return "\n  " + padded(setting.variable()) + setting.help();
  }

  /** A name that does not fit into the column is on a line of its own. */
  private static String padded(String name) {
    return name.length() < COLUMN - 1
        ? name + " ".repeat(COLUMN - name.length())
        : name + "\n" + " ".repeat(COLUMN + 2);
  }

  /** Returns the service with the version of its jar, and the version of this library. */
  String version() {
    var partywall = "partywall " + resource("version.txt").orElse(NOT_PACKAGED);
    if (capability.getPackageName().equals(KERNEL)) {
      return partywall;
    }
    var version = capability.getPackage().getImplementationVersion();
    return declarations.firstName()
        + " "
        + (version == null ? NOT_PACKAGED : version)
        + " ("
        + partywall
        + ")";
  }

  private static Optional<String> resource(String name) {
    try (var text = HelpText.class.getResourceAsStream(name)) {
      return text == null
          ? Optional.empty()
          : Optional.of(new String(text.readAllBytes(), StandardCharsets.UTF_8).stripTrailing());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
