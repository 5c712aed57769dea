package dev.partywall.testkit;

import dev.partywall.testkit.TestClient.Exchange;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The calls of the second tenant, and the findings in their responses. */
final class SecondTenant {
  private static final Pattern TRACE_ID = Pattern.compile("(?<!\\w)[0-9a-f]{32}(?!\\w)");
  private static final Pattern TIME = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z");

  private static final int CHANGED_CHARACTERS = 8;

  /** The hexadecimal digits, and the other letters, without those that ULIDs exclude. */
  private static final List<String> ALPHABETS =
      List.of("0123456789", "abcdef", "ABCDEF", "ghjkmnpqrstvwxyz", "GHJKMNPQRSTVWXYZ");

  private final TestClient client;
  private final ForeignRequests requests;

  /** The values that the tenant has without a leak. */
  private final Set<String> known;

  private final Set<String> findings = new LinkedHashSet<>();
  private final Set<ApiOperation> ofTenants = new HashSet<>();

  SecondTenant(TestClient client, ForeignRequests requests, Set<String> known) {
    this.client = client;
    this.requests = requests;
    this.known = known;
  }

  /** Returns the findings so far, without duplicates. */
  Set<String> findings() {
    return findings;
  }

  /** Returns whether an operation that was called is for tenants, not for operators. */
  boolean canCall(ApiOperation operation) {
    return ofTenants.contains(operation);
  }

  /** Makes all calls of an operation, and checks each response. */
  void call(ApiOperation operation) {
    for (var shape : requests.shapes(operation)) {
      for (var path : requests.paths(operation)) {
        var foreign = send(operation, shape.request(path));
        if (!path.isEmpty()) {
          var absent = path.stream().map(SecondTenant::nonexistent).toList();
          var expected = send(operation, shape.request(absent));
          compare(foreign.request(), summary(foreign, path), summary(expected, absent));
        }
      }
    }
  }

  private Exchange send(ApiOperation operation, TestRequest request) {
    var exchange = new Exchange(request, client.sendUnrecorded(request));
    check(exchange);
    if (exchange.isSuccessful() && !operation.isRead()) {
      addKnown(request);
      operation.values(request.path()).ifPresent(known::addAll);
    }
    if (!isForOperators(exchange.response())) {
      ofTenants.add(operation);
    }
    return exchange;
  }

  private static boolean isForOperators(TestResponse response) {
    return response.status() == 403 && response.text().contains("not-an-operator");
  }

  /** Adds the values that the tenant stores with a request. */
  void addKnown(TestRequest request) {
    request.body().map(TenantValues::in).ifPresent(known::addAll);
    known.addAll(request.headers().values());
  }

  /** Reports each value of the first tenant that the tenant does not have. */
  void check(Exchange exchange) {
    var request = exchange.request();
    var sent = request.target() + request.headers() + request.body().map(SecondTenant::decoded);
    var response = exchange.response();
    requests.values().foundIn(response.headers().map().toString(), known).stream()
        .filter(value -> !sent.contains(value))
        .forEach(value -> findings.add(request + ": a header contains \"" + value + "\""));
    requests.values().foundIn(decoded(response.text()), known).stream()
        .filter(value -> !sent.contains(value))
        .forEach(value -> findings.add(request + ": the body contains \"" + value + "\""));
  }

  /** Returns a text, followed by its values, because JSON can contain escapes. */
  private static String decoded(String text) {
    return text + "\n" + String.join("\n", TenantValues.in(text));
  }

  private void compare(TestRequest request, List<String> foreign, List<String> absent) {
    for (var part = 0; part < foreign.size(); part++) {
      if (!foreign.get(part).equals(absent.get(part))) {
        findings.add(
            "%s: the response differs from that for an id that does not exist: %s, not %s"
                .formatted(request, foreign.get(part), absent.get(part)));
      }
    }
  }

  /** Returns the status, the names of the header fields, and the body without variable parts. */
  private static List<String> summary(Exchange exchange, List<String> ids) {
    var response = exchange.response();
    var body = response.text();
    for (var id : ids) {
      body = body.replaceAll("(?<!\\w)" + Pattern.quote(id) + "(?!\\w)", "[id]");
    }
    body = TRACE_ID.matcher(body).replaceAll("[trace]");
    return List.of(
        "status " + response.status(),
        "header fields " + new TreeSet<>(response.headers().map().keySet()),
        "body " + TIME.matcher(body).replaceAll("[time]"));
  }

  /**
   * Returns another id of the same form: the last characters change within their kind, because an
   * id of another form can be rejected earlier.
   */
  static String nonexistent(String id) {
    var changed = new StringBuilder(id);
    for (var i = Math.max(0, id.length() - CHANGED_CHARACTERS); i < id.length(); i++) {
      changed.setCharAt(i, next(id.charAt(i)));
    }
    return changed.toString().equals(id) ? id + "0" : changed.toString();
  }

  private static char next(char character) {
    for (var alphabet : ALPHABETS) {
      var index = alphabet.indexOf(character);
      if (index >= 0) {
        return alphabet.charAt((index + 1) % alphabet.length());
      }
    }
    return character;
  }
}
