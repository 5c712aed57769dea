package dev.partywall.http.server;

import dev.partywall.http.Body;
import dev.partywall.http.Headers;
import dev.partywall.http.Match;
import dev.partywall.http.Request;
import dev.partywall.http.RequestTarget;
import java.time.Duration;
import java.util.ArrayList;
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
   * @param waited the time for which the request waited for a processor
   */
  static Request read(
      String method,
      String target,
      String version,
      Map<String, List<String>> fields,
      Body body,
      Duration waited) {
    var headers = new ArrayList<Headers.Field>(fields.size());
    Optional<String> fault = Optional.empty();
    var parsed = RequestTarget.ROOT;
    try {
      checkMethod(method);
      parsed = RequestTargetParser.parse(target);
      copy(fields, headers);
      check(version, Headers.of(headers));
      RequestTargetParser.authority(target).ifPresent(authority -> replaceHost(headers, authority));
    } catch (MalformedRequest e) {
      fault = Optional.of(e.rule());
    }
    var loggableMethod = isMethod(method) ? method : "-";
    return new Request(
        loggableMethod,
        parsed,
        Headers.of(headers),
        body,
        waited,
        fault,
        new Match.NoMatch(),
        /* subject= */ null,
        /* operatorIssuer= */ Optional.empty());
  }

  /** The host of a target in absolute form replaces that of the field (RFC 9112, section 3.2.2). */
  private static void replaceHost(List<Headers.Field> headers, String authority) {
    headers.removeIf(field -> field.name().equalsIgnoreCase("Host"));
    headers.add(new Headers.Field("Host", authority));
  }

  private static void copy(Map<String, List<String>> fields, List<Headers.Field> copy)
      throws MalformedRequest {
    for (var entry : fields.entrySet()) {
      var name = entry.getKey();
      checkRepetition(name, entry.getValue());
      for (var value : entry.getValue()) {
        copy.add(field(name, value));
      }
    }
  }

  private static void checkRepetition(String name, List<String> values) throws MalformedRequest {
    if (values.size() > 1 && SINGLE.contains(name.toLowerCase(Locale.ROOT))) {
      throw new MalformedRequest("A header field with a single value is repeated.");
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
    var isHttp10 = version.equals("HTTP/1.0");
    checkHost(isHttp10, headers.first("Host").orElse(""));
    checkFraming(isHttp10, headers);
    checkExpectation(isHttp10, headers.first("Expect"));
  }

  /** HTTP/1.0 has no Host field. Health checks of load balancers send none. */
  private static void checkHost(boolean isHttp10, String host) throws MalformedRequest {
    if (!Authority.isValid(host) && !(isHttp10 && host.isEmpty())) {
      throw new MalformedRequest("The Host header is missing or invalid.");
    }
  }

  /** An expectation in HTTP/1.0 is ignored (RFC 9110, section 10.1.1). */
  private static void checkExpectation(boolean isHttp10, Optional<String> expect)
      throws MalformedRequest {
    if (!isHttp10 && expect.isPresent() && !expect.get().equalsIgnoreCase("100-continue")) {
      throw new MalformedRequest("The Expect header is not 100-continue.");
    }
  }

  private static void checkFraming(boolean isHttp10, Headers headers) throws MalformedRequest {
    var coding = headers.first("Transfer-Encoding");
    var length = headers.first("Content-Length");
    if (coding.isPresent() && length.isPresent()) {
      throw new MalformedRequest("The request contains both Transfer-Encoding and Content-Length.");
    }
    // HTTP/1.0 has no chunked coding. An HTTP/1.0 proxy would forward the chunks unparsed.
    if (coding.isPresent() && (isHttp10 || !coding.get().equalsIgnoreCase("chunked"))) {
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
}
