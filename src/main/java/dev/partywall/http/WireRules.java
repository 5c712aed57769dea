package dev.partywall.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What we ask of a message beyond what the server below us has asked already. A message that two
 * programs can read in two ways is refused, not interpreted: a proxy in front of us may have read
 * it in the other (RFC 9112, section 11).
 */
final class WireRules {
  /** Fields that hold one value: given twice, nobody can say which of them counts. */
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

  private static final int LONGEST_METHOD = 20;

  private WireRules() {}

  /**
   * The request, and on it the first rule that it breaks. The parts that break one are left out of
   * it, so that whatever is in it may be logged.
   *
   * @param version the last word of the request line
   */
  static Request read(
      String method, String target, String version, Map<String, List<String>> fields, Body body) {
    var headers = new ArrayList<Headers.Field>(fields.size());
    Optional<String> fault = Optional.empty();
    var aim = Target.ROOT;
    try {
      checkMethod(method);
      aim = Targets.parse(target);
      copy(fields, headers);
      check(version, Headers.of(headers));
    } catch (WireFault e) {
      fault = Optional.of(e.rule());
    }
    var name = isMethod(method) ? method : "-";
    return new Request(
        name, aim, Headers.of(headers), body, fault, new Match.Nothing(), /* principal= */ null);
  }

  /** Whether these fields ask for the connection to be closed, among whatever else they ask for. */
  static boolean closes(Headers headers) {
    for (var field : headers.fields()) {
      if (field.name().equalsIgnoreCase("Connection")) {
        for (var option : field.value().split(",", -1)) {
          if (option.strip().equalsIgnoreCase("close")) {
            return true;
          }
        }
      }
    }
    return false;
  }

  private static void copy(Map<String, List<String>> fields, List<Headers.Field> copy)
      throws WireFault {
    for (var entry : fields.entrySet()) {
      var name = entry.getKey();
      var values = entry.getValue();
      if (values.size() > 1 && SINGLE.contains(name.toLowerCase(Locale.ROOT))) {
        throw new WireFault("a header field that holds one value is given twice");
      }
      for (var value : values) {
        copy.add(field(name, value));
      }
    }
  }

  private static Headers.Field field(String name, String value) throws WireFault {
    try {
      return new Headers.Field(name, value);
    } catch (IllegalArgumentException e) {
      throw new WireFault("a header field holds a character that may not stand there");
    }
  }

  private static void check(String version, Headers headers) throws WireFault {
    if (!version.equals("HTTP/1.1") && !version.equals("HTTP/1.0")) {
      throw new WireFault("the version is neither HTTP/1.1 nor HTTP/1.0");
    }
    if (!Authority.isOne(headers.first("Host").orElse(""))) {
      throw new WireFault("the Host field is missing or does not name a host");
    }
    checkFraming(version, headers);
    var expect = headers.first("Expect");
    if (expect.isPresent() && !expect.get().equalsIgnoreCase("100-continue")) {
      throw new WireFault("the Expect field asks for something other than 100-continue");
    }
  }

  private static void checkFraming(String version, Headers headers) throws WireFault {
    var coding = headers.first("Transfer-Encoding");
    var length = headers.first("Content-Length");
    if (coding.isPresent() && length.isPresent()) {
      throw new WireFault("Transfer-Encoding and Content-Length stand side by side");
    }
    // HTTP/1.0 has no chunks; a proxy of that time would have handed them on unread.
    if (coding.isPresent() && (!coding.get().equals("chunked") || version.equals("HTTP/1.0"))) {
      throw new WireFault("the Transfer-Encoding is not chunked");
    }
    if (length.isPresent() && !isLength(length.get())) {
      throw new WireFault("the Content-Length is not a number");
    }
  }

  private static void checkMethod(String method) throws WireFault {
    if (!isMethod(method)) {
      throw new WireFault("the method is not one");
    }
  }

  private static boolean isMethod(String method) {
    return method.length() <= LONGEST_METHOD && Headers.isToken(method);
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
