package dev.partywall.json;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The active currency codes of ISO 4217, from the list in {@code iso-4217.txt}. {@link
 * java.util.Currency} is not such a list: it lacks some active codes, such as UYW, and contains
 * withdrawn ones, such as DEM.
 */
public final class CurrencyCodes {
  private static final Set<String> ACTIVE = read();

  private CurrencyCodes() {}

  /** Returns whether the text is an active code, in upper case. */
  public static boolean contains(String text) {
    return ACTIVE.contains(text);
  }

  private static Set<String> read() {
    try (var in = CurrencyCodes.class.getResourceAsStream("iso-4217.txt")) {
      var list = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
      return list.lines()
          .filter(line -> !line.startsWith("#"))
          .flatMap(line -> Arrays.stream(line.split(" ")))
          .collect(Collectors.toUnmodifiableSet());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
