package dev.partywall.peers;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A path with placeholders, such as {@code /orders/{id}?view={view}}. A value can neither add a
 * segment or parameter nor leave its segment: every character except the unreserved ones is encoded
 * (RFC 6570, section 3.2.2).
 */
record PathTemplate(String template) {
  private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\w+}");
  private static final String UNRESERVED = "-._~";

  /**
   * Returns the URL below {@code base}. Returns empty if a segment of the path is empty, {@code .}
   * or {@code ..}: servers and proxies interpret such paths differently.
   *
   * @throws IllegalArgumentException if the number of values differs from the placeholders, or the
   *     template is not a path with an optional query
   */
  Optional<URI> expand(URI base, List<String> values) {
    var target = target(values);
    var uri = URI.create(base + target);
    if (uri.getRawFragment() != null) {
      throw new IllegalArgumentException("A path contains no fragment: " + template);
    }
    return hasPlainSegments(target) ? Optional.of(uri) : Optional.empty();
  }

  private String target(List<String> values) {
    var remaining = values.iterator();
    var target =
        PLACEHOLDER
            .matcher(template)
            .replaceAll(_ -> remaining.hasNext() ? encode(remaining.next()) : "{");
    if (remaining.hasNext() || target.indexOf('{') >= 0) {
      throw new IllegalArgumentException("Not one value for each placeholder: " + template);
    }
    return target;
  }

  private static boolean hasPlainSegments(String target) {
    var path = target.split("\\?", 2)[0].substring(1);
    return path.isEmpty()
        || Arrays.stream(path.split("/", -1))
            .noneMatch(segment -> segment.matches("(?:\\.|%2[eE]){0,2}"));
  }

  private static String encode(String value) {
    var encoded = new StringBuilder();
    for (var octet : value.getBytes(StandardCharsets.UTF_8)) {
      if (isUnreserved((char) octet)) {
        encoded.append((char) octet);
      } else {
        encoded.append('%').append(HexFormat.of().withUpperCase().toHexDigits(octet));
      }
    }
    return encoded.toString();
  }

  private static boolean isUnreserved(char c) {
    return c < 0x80 && (Character.isLetterOrDigit(c) || UNRESERVED.indexOf(c) >= 0);
  }
}
