package dev.partywall.http;

import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** The media types that a client accepts, with their weights (RFC 9110, section 12.5.1). */
public final class Accept {
  private final List<MediaRange> ranges;

  private Accept(List<MediaRange> ranges) {
    this.ranges = ranges;
  }

  /** Returns the types that a request accepts. An absent field accepts all types. */
  public static Accept of(Headers headers) {
    var ranges = FieldSyntax.split(headers.joined("Accept").orElse("*/*"), ',');
    return new Accept(ranges.stream().map(MediaRange::parse).toList());
  }

  /** Returns whether the client prefers the first type to the other. */
  public boolean prefers(String type, String other) {
    return weight(type) > weight(other);
  }

  /**
   * Returns the weight of a type that the field names, not only by a wildcard; 0 if it does not.
   */
  public double namedWeight(String type) {
    return find(type).orElse(0);
  }

  /** The most specific matching range determines the weight. */
  private double weight(String type) {
    var family = type.substring(0, type.indexOf('/')) + "/*";
    for (var name : List.of(type, family, "*/*")) {
      var weight = find(name);
      if (weight.isPresent()) {
        return weight.getAsDouble();
      }
    }
    return 0;
  }

  /** Returns the highest weight, because ranges that differ in parameters have the same name. */
  private OptionalDouble find(String name) {
    return ranges.stream()
        .filter(range -> range.name().equals(name))
        .mapToDouble(MediaRange::weight)
        .max();
  }

  /** A media range without its parameters, and its weight. */
  private record MediaRange(String name, double weight) {
    static MediaRange parse(String text) {
      var parts = FieldSyntax.split(text.toLowerCase(Locale.ROOT), ';');
      var weight =
          parts.stream()
              .skip(1)
              .filter(parameter -> parameter.startsWith("q="))
              .map(parameter -> weight(parameter.substring(2)))
              .findFirst();
      return new MediaRange(parts.getFirst(), weight.orElse(1.0));
    }

    /** An invalid weight counts as 0: the range is not acceptable. */
    private static double weight(String text) {
      return text.matches("0(?:\\.\\d{0,3})?|1(?:\\.0{0,3})?") ? Double.parseDouble(text) : 0;
    }
  }
}
