package dev.partywall.http.server;

import dev.partywall.http.Body;
import dev.partywall.http.Headers;
import dev.partywall.http.Match;
import dev.partywall.http.Request;
import dev.partywall.http.RequestTarget;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Checks HTTP messages more strictly than the JDK's server does. Ambiguous messages are rejected,
 * not interpreted, because a proxy may have interpreted them differently (RFC 9112, section 11).
 */
final class RequestRules {
  /** Fields with a single value. If one is repeated, its value is ambiguous. */
  private static final Set<String> SINGLE =
      Set.of(
          "host",
          "content-length",
          "transfer-encoding",
          "content-type",
          "content-encoding",
          "content-location",
          "content-range",
          "authorization",
          "proxy-authorization",
          "expect",
          "idempotency-key",
          "if-modified-since",
          "if-unmodified-since",
          "if-range",
          "range",
          "date",
          "from",
          "max-forwards",
          "origin",
          "referer",
          "user-agent");

  private static final int MAX_METHOD_LENGTH = 20;

  private RequestRules() {}

  /**
   * Returns the request, with the first rule that it violates. Omits invalid parts, because the
   * remaining parts are logged.
   *
   * @param version the protocol version from the request line
   */
  static Request read(
      String method, String target, String version, Map<String, List<String>> fields, Body body) {
    var headers = new ArrayList<Headers.Field>(fields.size());
    Optional<String> fault = Optional.empty();
    var parsed = RequestTarget.ROOT;
    try {
      checkMethod(method);
      parsed = RequestTargetParser.parse(target);
      copy(fields, headers);
      check(version, Headers.of(headers));
    } catch (MalformedRequest e) {
      fault = Optional.of(e.rule());
    }
    var loggableMethod = isMethod(method) ? method : "-";
    return new Request(
        loggableMethod,
        parsed,
        Headers.of(headers),
        body,
        fault,
        new Match.NoMatch(),
        /* subject= */ null);
  }

  /** Returns whether the Connection field contains the {@code close} option. */
  static boolean requestsClose(Headers headers) {
    return headers.all("Connection").stream()
        .flatMap(value -> Arrays.stream(value.split(",", -1)))
        .anyMatch(option -> option.strip().equalsIgnoreCase("close"));
  }

  private static void copy(Map<String, List<String>> fields, List<Headers.Field> copy)
      throws MalformedRequest {
    for (var entry : fields.entrySet()) {
      var name = entry.getKey();
      var values = entry.getValue();
      if (values.size() > 1 && SINGLE.contains(name.toLowerCase(Locale.ROOT))) {
        throw new MalformedRequest("A header field with a single value is repeated.");
      }
      for (var value : values) {
        copy.add(field(name, value));
      }
    }
  }

  private static Headers.Field field(String name, String value) throws MalformedRequest {
    try {
      return new Headers.Field(name, value);
    } catch (IllegalArgumentException e) {
      throw new MalformedRequest("A header field contains a disallowed character.");
    }
  }

  private static void check(String version, Headers headers) throws MalformedRequest {
    if (!version.equals("HTTP/1.1") && !version.equals("HTTP/1.0")) {
      throw new MalformedRequest("The HTTP version is neither 1.1 nor 1.0.");
    }
    if (!Authority.isValid(headers.first("Host").orElse(""))) {
      throw new MalformedRequest("The Host header is missing or invalid.");
    }
    checkFraming(version, headers);
    var expect = headers.first("Expect");
    if (expect.isPresent() && !expect.get().equalsIgnoreCase("100-continue")) {
      throw new MalformedRequest("The Expect header is not 100-continue.");
    }
  }

  private static void checkFraming(String version, Headers headers) throws MalformedRequest {
    var coding = headers.first("Transfer-Encoding");
    var length = headers.first("Content-Length");
    if (coding.isPresent() && length.isPresent()) {
      throw new MalformedRequest("The request contains both Transfer-Encoding and Content-Length.");
    }
    // HTTP/1.0 has no chunked coding. An HTTP/1.0 proxy would forward the chunks unparsed.
    if (coding.isPresent() && (!coding.get().equals("chunked") || version.equals("HTTP/1.0"))) {
      throw new MalformedRequest("The Transfer-Encoding is not chunked.");
    }
    if (length.isPresent() && !isLength(length.get())) {
      throw new MalformedRequest("The Content-Length is not a number.");
    }
  }

  private static void checkMethod(String method) throws MalformedRequest {
    if (!isMethod(method)) {
      throw new MalformedRequest("The method is invalid.");
    }
  }

  private static boolean isMethod(String method) {
    return method.length() <= MAX_METHOD_LENGTH && Headers.isToken(method);
  }

  private static boolean isLength(String value) {
    for (var i = 0; i < value.length(); i++) {
      if (value.charAt(i) < '0' || value.charAt(i) > '9') {
        return false;
      }
    }
    return !value.isEmpty() && value.length() <= 18;
  }

  /**
   * Validates the value of a Host field: a name or an address, then an optional port (RFC 9110,
   * section 7.2).
   */
  private static final class Authority {
    private static final int MAX_LENGTH = 255;

    private Authority() {}

    /**
     * Returns whether the value is a valid {@code host[:port]}. User information, lists, paths and
     * percent signs are invalid.
     */
    static boolean isValid(String value) {
      if (value.isEmpty() || value.length() > MAX_LENGTH) {
        return false;
      }
      var end = value.startsWith("[") ? value.indexOf(']') + 1 : hostEnd(value);
      return end > 0
          && (value.charAt(0) == '[' ? isAddress(value, end) : isName(value, end))
          && (end == value.length() || isPort(value, end));
    }

    private static int hostEnd(String value) {
      var colon = value.indexOf(':');
      return colon < 0 ? value.length() : colon;
    }

    private static boolean isAddress(String value, int end) {
      for (var i = 1; i < end - 1; i++) {
        var c = value.charAt(i);
        if (Character.digit(c, 16) < 0 && c != ':' && c != '.') {
          return false;
        }
      }
      return end > 3;
    }

    private static boolean isName(String value, int end) {
      for (var i = 0; i < end; i++) {
        var c = value.charAt(i);
        if (c > 'z' || !(Character.isLetterOrDigit(c) || c == '-' || c == '.' || c == '_')) {
          return false;
        }
      }
      return value.charAt(0) != '.';
    }

    private static boolean isPort(String value, int colon) {
      var digits = value.length() - colon - 1;
      if (value.charAt(colon) != ':' || digits < 1 || digits > 5) {
        return false;
      }
      var port = 0;
      for (var i = colon + 1; i < value.length(); i++) {
        var c = value.charAt(i);
        if (c < '0' || c > '9') {
          return false;
        }
        port = port * 10 + c - '0';
      }
      return port <= 0xffff;
    }
  }
}
