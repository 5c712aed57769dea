package dev.partywall.metering.billing;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The media types that a client accepts (RFC 9110, section 12.5.1). */
record AcceptHeader(List<MediaRange> ranges) {
  /** A media range and its weight. */
  private record MediaRange(String name, double weight) {
    static MediaRange parse(String text) {
      var parts = text.toLowerCase(Locale.ROOT).split(";", -1);
      var weight =
          Arrays.stream(parts)
              .skip(1)
              .map(String::strip)
              .filter(parameter -> parameter.startsWith("q="))
              .map(parameter -> weight(parameter.substring(2)))
              .findFirst();
      return new MediaRange(parts[0].strip(), weight.orElse(1.0));
    }

    /** An invalid weight counts as 0: the range is not acceptable. */
    private static double weight(String text) {
      return text.matches("0(?:\\.\\d{0,3})?|1(?:\\.0{0,3})?") ? Double.parseDouble(text) : 0;
    }
  }

  /** Parses the field. An absent field accepts all types. */
  static AcceptHeader parse(Optional<String> field) {
    var ranges = field.orElse("*/*").split(",", -1);
    return new AcceptHeader(Arrays.stream(ranges).map(MediaRange::parse).toList());
  }

  /** Returns whether the client prefers the first type to the other. */
  boolean prefers(String type, String other) {
    return weightOf(type) > weightOf(other);
  }

  /** The most specific matching range determines the weight. */
  private double weightOf(String type) {
    var family = type.substring(0, type.indexOf('/')) + "/*";
    return weight(type).or(() -> weight(family)).or(() -> weight("*/*")).orElse(0.0);
  }

  private Optional<Double> weight(String name) {
    return ranges.stream()
        .filter(range -> range.name().equals(name))
        .map(MediaRange::weight)
        .findFirst();
  }
}
