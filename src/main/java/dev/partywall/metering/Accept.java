package dev.partywall.metering;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What a caller would like to get (RFC 9110, section 12.5.1). */
record Accept(List<Range> ranges) {
  /** A media range and its weight. */
  private record Range(String name, double weight) {
    static Range parse(String text) {
      var parts = text.toLowerCase(Locale.ROOT).split(";", -1);
      var weight =
          Arrays.stream(parts)
              .skip(1)
              .map(String::strip)
              .filter(it -> it.startsWith("q="))
              .map(it -> weight(it.substring(2)))
              .findFirst();
      return new Range(parts[0].strip(), weight.orElse(1.0));
    }

    /** A weight that does not hold is none: the range is taken for one that is not wanted. */
    private static double weight(String text) {
      return text.matches("0(?:\\.\\d{0,3})?|1(?:\\.0{0,3})?") ? Double.parseDouble(text) : 0;
    }
  }

  /** Reads the field; one that is absent takes everything. */
  static Accept of(Optional<String> field) {
    var ranges = field.orElse("*/*").split(",", -1);
    return new Accept(Arrays.stream(ranges).map(Range::parse).toList());
  }

  /** Whether it likes the one better than the other. */
  boolean prefers(String type, String other) {
    return weightOf(type) > weightOf(other);
  }

  /** The most precise range that a type falls into tells its weight. */
  private double weightOf(String type) {
    var family = type.substring(0, type.indexOf('/')) + "/*";
    return weight(type).or(() -> weight(family)).or(() -> weight("*/*")).orElse(0.0);
  }

  private Optional<Double> weight(String name) {
    return ranges.stream().filter(it -> it.name().equals(name)).map(Range::weight).findFirst();
  }
}
