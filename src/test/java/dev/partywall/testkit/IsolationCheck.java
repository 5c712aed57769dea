package dev.partywall.testkit;

import dev.partywall.testkit.TestClient.Exchange;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Checks that a second tenant gets no byte of a first tenant's data, and cannot change it:
 *
 * <pre>{@code
 * var isolation = service.isolation("notes:read notes:write usage:read");
 * var written = isolation.first().post("/notes", "{\"text\":\"the key is under the mat\"}");
 * isolation.first().delete(written.header("Location").orElseThrow());
 * isolation.first().post("/notes", "{\"text\":\"call the mason\"}");
 * isolation.assertNoLeak();
 * }</pre>
 *
 * <p>Both tenants are new. A test first creates data through {@link #first}, with at least one
 * successful request of each operation that writes. Give each item a text of its own, of six
 * characters or more. The check then calls every operation in the service's {@code /openapi.json}
 * as the second tenant: with all ids, cursors and bodies of the first tenant, and with ids that do
 * not exist. It fails if
 *
 * <ul>
 *   <li>a header or a body of a response to the second tenant contains a value of the first
 *       tenant's successful requests or of their responses that the second tenant has not sent
 *       itself. Values of less than six characters, entity tags, times without a fraction of a
 *       second, and generated values of one word are not compared: they repeat for any data.
 *   <li>the response for a first tenant's id differs from the response for an id that does not
 *       exist in its status, its body or the names of its header fields.
 *   <li>a read by the first tenant returns another result after all these calls.
 *   <li>the first tenant's requests contain no successful one of an operation. The check itself
 *       makes all reads.
 * </ul>
 */
public final class IsolationCheck {
  /** Their responses change by themselves: they contain the usage, or no data of tenants. */
  private static final Set<String> KERNEL_READS = Set.of("/usage", "/tenant", "/openapi.json");

  private final TestClient first;
  private final TestClient second;
  private final List<ApiOperation> operations;

  /** The values that the second tenant has without a leak. */
  private final Set<String> known = new TreeSet<>();

  private IsolationCheck(TestClient first, TestClient second) {
    this.first = first;
    this.second = second;
    var document = second.sendUnrecorded(TestRequest.of("GET", "/openapi.json"));
    operations = ApiOperation.all(document.json());
    known.addAll(TenantValues.in(document.text()));
    readBeforeAnyData();
  }

  static IsolationCheck of(TestService service, String scopes) {
    var bytes = new byte[4];
    new SecureRandom().nextBytes(bytes);
    var unique = HexFormat.of().formatHex(bytes);
    return new IsolationCheck(
        service.as("first-" + unique, "user-of-first-" + unique, scopes),
        service.as("second-" + unique, "user-of-second-" + unique, scopes));
  }

  /** Adds the values that the second tenant gets before the first one has data. */
  private void readBeforeAnyData() {
    reads()
        .map(read -> read.path(Collections.nCopies(read.parameters(), "nonexistent")))
        .map(path -> second.sendUnrecorded(TestRequest.of("GET", path)))
        .forEach(response -> {
          known.addAll(TenantValues.in(response.text()));
          response.headers().map().values().forEach(known::addAll);
        });
  }

  private Stream<ApiOperation> reads() {
    return operations.stream().filter(ApiOperation::isRead);
  }

  private Stream<ApiOperation> writes() {
    return operations.stream().filter(operation -> !operation.isRead());
  }

  /** Returns the client of the first tenant, whose data is checked. */
  public TestClient first() {
    return first;
  }

  /** Returns the client of the second tenant, which can have data of its own. */
  public TestClient second() {
    return second;
  }

  /**
   * Makes all calls as the second tenant. Call this method once.
   *
   * @throws AssertionError with all findings
   */
  public void assertNoLeak() {
    var exchanges = new ArrayList<>(first.exchanges());
    // Repeated, because a list contains the ids of further items.
    exchanges.addAll(readAll(exchanges));
    exchanges.addAll(readAll(exchanges));
    var before = readAll(exchanges).stream().filter(this::isComparable).toList();
    var attacker = attack(exchanges);
    var findings = new ArrayList<>(attacker.findings());
    findings.addAll(notExercised(exchanges, attacker));
    findings.addAll(changes(before));
    if (!findings.isEmpty()) {
      throw new AssertionError("The tenants are not isolated:\n" + String.join("\n", findings));
    }
  }

  /** Makes all reads as the first tenant. */
  private List<Exchange> readAll(List<Exchange> exchanges) {
    var requests = new ForeignRequests(exchanges, TenantValues.of(exchanges, operations));
    return reads()
        .flatMap(requests::all)
        .distinct()
        .map(request -> new Exchange(request, first.sendUnrecorded(request)))
        .toList();
  }

  /** Returns whether a second read has the same result, and a change would be another's. */
  private boolean isComparable(Exchange read) {
    return read.isSuccessful()
        && !KERNEL_READS.contains(read.request().path())
        && content(first.sendUnrecorded(read.request())).equals(content(read.response()));
  }

  private static List<String> content(TestResponse response) {
    return List.of(
        String.valueOf(response.status()), response.header("ETag").orElse(""), response.text());
  }

  /** Reads before and after it writes: afterwards, it has stored the first tenant's texts. */
  private SecondTenant attack(List<Exchange> exchanges) {
    var values = TenantValues.of(exchanges, operations);
    var attacker = new SecondTenant(second, new ForeignRequests(exchanges, values), known);
    second.exchanges().forEach(exchange -> attacker.addKnown(exchange.request()));
    second.exchanges().forEach(attacker::check);
    reads().forEach(attacker::call);
    reads().map(read -> read.withMethod("HEAD")).forEach(attacker::call);
    writes().forEach(attacker::call);
    reads().forEach(attacker::call);
    return attacker;
  }

  private List<String> notExercised(List<Exchange> exchanges, SecondTenant attacker) {
    return operations.stream()
        .filter(attacker::canCall)
        .filter(operation ->
            exchanges.stream()
                .filter(Exchange::isSuccessful)
                .noneMatch(exchange -> operation.matches(exchange.request())))
        .map(operation -> "not exercised: no request of the first tenant succeeded: " + operation)
        .toList();
  }

  private List<String> changes(List<Exchange> before) {
    if (before.isEmpty()) {
      return List.of("not exercised: no read of the first tenant has a result to compare");
    }
    return before.stream()
        .filter(
            read -> !content(first.sendUnrecorded(read.request())).equals(content(read.response())))
        .map(read -> "the second tenant changed data of the first one: " + read.request())
        .toList();
  }
}
