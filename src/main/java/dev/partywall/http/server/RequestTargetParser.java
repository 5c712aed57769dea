package dev.partywall.http.server;

import dev.partywall.http.RequestTarget;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Parses the target of a request. Accepts the origin form, and the absolute form with an http or
 * https URI (RFC 9112, sections 3.2.1 and 3.2.2). The path must not contain dot segments, encoded
 * separators, or empty segments before the last. A proxy may rewrite a path with one of these, and
 * then route a different path than this service.
 */
final class RequestTargetParser {
  private static final List<String> SCHEMES = List.of("http://", "https://");

  private RequestTargetParser() {}

  /**
   * Parses a target.
   *
   * @throws MalformedRequest if the target is not acceptable
   */
  static RequestTarget parse(String raw) throws MalformedRequest {
    var origin = originForm(raw);
    if (!origin.startsWith("/") || origin.startsWith("//")) {
      throw new MalformedRequest("The request target is neither a path nor an http URI.");
    }
    var question = origin.indexOf('?');
    var path = question < 0 ? origin : origin.substring(0, question);
    return new RequestTarget(
        path, segments(path), question < 0 ? Map.of() : query(origin, question + 1));
  }

  /** Returns the authority of a target in absolute form, and empty for another form. */
  static Optional<String> authority(String raw) {
    var start = authorityStart(raw);
    return start < 0
        ? Optional.empty()
        : Optional.of(raw.substring(start, authorityEnd(raw, start)));
  }

  private static String originForm(String raw) throws MalformedRequest {
    var authority = authority(raw);
    if (authority.isEmpty()) {
      return raw;
    }
    if (!Authority.isValid(authority.get())) {
      throw new MalformedRequest("The request target has an invalid authority.");
    }
    var origin = raw.substring(authorityStart(raw) + authority.get().length());
    return origin.startsWith("/") ? origin : "/" + origin;
  }

  /** Returns -1 if the target is not in absolute form. */
  private static int authorityStart(String raw) {
    for (var scheme : SCHEMES) {
      if (raw.regionMatches(true, 0, scheme, 0, scheme.length())) {
        return scheme.length();
      }
    }
    return -1;
  }

  private static int authorityEnd(String raw, int start) {
    var end = start;
    while (end < raw.length() && "/?#".indexOf(raw.charAt(end)) < 0) {
      end++;
    }
    return end;
  }

  private static List<String> segments(String path) throws MalformedRequest {
    if (path.length() == 1) {
      return List.of();
    }
    var segments = new ArrayList<String>(4);
    for (var from = 1; from <= path.length(); ) {
      var slash = path.indexOf('/', from);
      var to = slash < 0 ? path.length() : slash;
      segments.add(segment(path, from, to, slash < 0));
      from = to + 1;
    }
    return List.copyOf(segments);
  }

  private static String segment(String path, int from, int to, boolean last)
      throws MalformedRequest {
    var segment = PercentDecoder.decode(path, from, to, PercentDecoder.UriComponent.PATH);
    if (segment.equals(".") || segment.equals("..")) {
      throw new MalformedRequest("The path contains a dot segment.");
    }
    if (segment.isEmpty() && !last) {
      throw new MalformedRequest("The path contains an empty segment.");
    }
    return segment;
  }

  private static Map<String, List<String>> query(String raw, int start) throws MalformedRequest {
    var query = new LinkedHashMap<String, List<String>>();
    for (var from = start; from <= raw.length(); ) {
      var ampersand = raw.indexOf('&', from);
      var to = ampersand < 0 ? raw.length() : ampersand;
      if (to > from) {
        parameter(raw, from, to, query);
      }
      from = to + 1;
    }
    return query;
  }

  private static void parameter(String raw, int from, int to, Map<String, List<String>> query)
      throws MalformedRequest {
    var equals = raw.indexOf('=', from);
    var end = equals < 0 || equals > to ? to : equals;
    var name = PercentDecoder.decode(raw, from, end, PercentDecoder.UriComponent.QUERY);
    var value =
        end == to ? "" : PercentDecoder.decode(raw, end + 1, to, PercentDecoder.UriComponent.QUERY);
    query.computeIfAbsent(name, _ -> new ArrayList<>(1)).add(value);
  }

  /** Decodes percent-encoded UTF-8 strictly (RFC 3986, section 2.1). */
  private static final class PercentDecoder {
    /** The component of the target. It determines the allowed characters. */
    enum UriComponent {
      PATH("-._~!$&'()*+,;=:@"),
      QUERY("-._~!$&'()*+,;=:@/?");

      private final String punctuation;

      UriComponent(String punctuation) {
        this.punctuation = punctuation;
      }

      boolean allows(char c) {
        return (c >= 'a' && c <= 'z')
            || (c >= '0' && c <= '9')
            || (c >= 'A' && c <= 'Z')
            || punctuation.indexOf(c) >= 0;
      }
    }

    private PercentDecoder() {}

    /**
     * Decodes the text from {@code from} to {@code to}. In a query, {@code +} is a space, as HTML
     * forms and client libraries encode it.
     *
     * @throws MalformedRequest if the text contains a disallowed character, raw or encoded
     */
    static String decode(String text, int from, int to, UriComponent component)
        throws MalformedRequest {
      for (var i = from; i < to; i++) {
        var c = text.charAt(i);
        if (c == '%' || c == '+') {
          return decodeBytes(text, from, to, component);
        }
        check(c, component);
      }
      return text.substring(from, to);
    }

    private static String decodeBytes(String text, int from, int to, UriComponent component)
        throws MalformedRequest {
      var bytes = ByteBuffer.allocate(to - from);
      for (var i = from; i < to; i++) {
        var c = text.charAt(i);
        if (c == '%') {
          bytes.put(octet(text, i, to, component));
          i += 2;
        } else {
          check(c, component);
          bytes.put((byte) (c == '+' && component == UriComponent.QUERY ? ' ' : c));
        }
      }
      return utf8(bytes.flip());
    }

    private static void check(char c, UriComponent component) throws MalformedRequest {
      if (!component.allows(c)) {
        throw new MalformedRequest("The request target contains a disallowed character.");
      }
    }

    private static byte octet(String text, int index, int to, UriComponent component)
        throws MalformedRequest {
      var high = index + 2 < to ? Character.digit(text.charAt(index + 1), 16) : -1;
      var low = index + 2 < to ? Character.digit(text.charAt(index + 2), 16) : -1;
      if (high < 0 || low < 0) {
        throw new MalformedRequest("The request target contains an invalid percent-encoding.");
      }
      var octet = high << 4 | low;
      // A proxy may decode these before it compares paths, and then match a different path.
      if (octet < ' '
          || octet == 0x7f
          || (component == UriComponent.PATH && "./\\%".indexOf(octet) >= 0)) {
        throw new MalformedRequest("The request target contains a disallowed encoded character.");
      }
      return (byte) octet;
    }

    private static String utf8(ByteBuffer bytes) throws MalformedRequest {
      try {
        return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
      } catch (CharacterCodingException e) {
        throw new MalformedRequest("The request target is not UTF-8.");
      }
    }
  }
}
