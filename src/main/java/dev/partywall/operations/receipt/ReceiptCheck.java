package dev.partywall.operations.receipt;

import com.fasterxml.jackson.databind.JsonNode;
import dev.partywall.error.Faults;
import dev.partywall.json.JsonChecks;
import dev.partywall.operations.receipt.DeletionResult.DeletedTable;
import dev.partywall.tenancy.TenantId;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Reads the payload of a receipt, and adds a fault for each value that is missing, malformed or
 * inconsistent. Ignores members that only a later release writes.
 */
final class ReceiptCheck {
  /**
   * Two instances of a service can have set the times. Each is within 60 s of the clock of
   * DynamoDB.
   */
  private static final Duration MAX_CLOCK_DIFFERENCE = Duration.ofMinutes(2);

  private static final int MAX_TEXT = 1_000;

  private final JsonNode payload;
  private final Faults faults;
  private final JsonChecks checks;

  private ReceiptCheck(JsonNode payload, Faults faults) {
    this.payload = payload;
    this.faults = faults;
    this.checks = new JsonChecks(faults);
  }

  /** Returns the receipt in a payload. It must not be used if a fault was added. */
  static Receipt read(JsonNode payload, Faults faults) {
    return new ReceiptCheck(payload, faults).receipt();
  }

  private Receipt receipt() {
    if (!line("iss").equals(Receipt.ISSUER)) {
      faults.add("/iss", "must be " + Receipt.ISSUER);
    }
    var deletion =
        new DeletionResult(time("startedAt"), tables(), hash(), times("/verifiedEmptyAt"));
    var receipt =
        new Receipt(
            line("service"),
            tenant(),
            (int) checks.integer(payload.path("incarnation"), "/incarnation", 1, Integer.MAX_VALUE),
            line("requestedBy"),
            time("requestedAt"),
            deletion,
            time("endedAt"),
            kept());
    checkOrder(receipt);
    return receipt;
  }

  private String line(String name) {
    return checks.line(payload.path(name), "/" + name, 1, MAX_TEXT);
  }

  private TenantId tenant() {
    return TenantId.parse(line("sub"))
        .orElseGet(() -> {
          faults.add("/sub", "must be a tenant id");
          return new TenantId("invalid");
        });
  }

  private String hash() {
    var hash = line("keysSha256");
    if (!hash.matches("[0-9a-f]{64}")) {
      faults.add("/keysSha256", "must be 64 lower-case hexadecimal digits");
    }
    return hash;
  }

  private Instant time(String name) {
    return time(payload.path(name), "/" + name);
  }

  private Instant time(JsonNode value, String pointer) {
    try {
      return Instant.parse(value.asText());
    } catch (DateTimeException _) {
      faults.add(pointer, "must be a time in RFC 3339");
      return Instant.EPOCH;
    }
  }

  private List<Instant> times(String pointer) {
    var times = new ArrayList<Instant>();
    for (var element : elements(pointer)) {
      times.add(time(element.getValue(), element.getKey()));
    }
    if (times.isEmpty()) {
      faults.add(pointer, "must contain a time");
    }
    return times;
  }

  private List<DeletedTable> tables() {
    var tables = new ArrayList<DeletedTable>();
    for (var element : elements("/tables")) {
      var pointer = element.getKey();
      var table = element.getValue();
      var name = checks.line(table.path("name"), pointer + "/name", 1, MAX_TEXT);
      var counts = counts(table.path("collections"), pointer + "/collections");
      tables.add(
          new DeletedTable(name, counts, count(table.path("expiring"), pointer + "/expiring")));
    }
    return tables;
  }

  private Map<String, Long> counts(JsonNode collections, String pointer) {
    var counts = new HashMap<String, Long>();
    if (checks.object(collections, pointer)) {
      for (var member : collections.properties()) {
        var name = member.getKey();
        counts.put(name, count(member.getValue(), JsonChecks.pointer(pointer, name)));
      }
    }
    return counts;
  }

  private long count(JsonNode value, String pointer) {
    return checks.integer(value, pointer, 0, Long.MAX_VALUE);
  }

  private List<KeptData> kept() {
    var kept = new ArrayList<KeptData>();
    for (var element : elements("/kept")) {
      var pointer = element.getKey();
      var data = element.getValue();
      kept.add(
          new KeptData(
              checks.line(data.path("what"), pointer + "/what", 1, MAX_TEXT),
              checks.line(data.path("reason"), pointer + "/reason", 1, MAX_TEXT),
              data.path("until").isNull()
                  ? Optional.empty()
                  : Optional.of(time(data.path("until"), pointer + "/until"))));
    }
    return kept;
  }

  /** Returns the elements of an array, each with its pointer. */
  private List<Map.Entry<String, JsonNode>> elements(String pointer) {
    var array = payload.at(pointer);
    if (!array.isArray()) {
      faults.add(pointer, "must be an array");
    }
    var elements = new ArrayList<Map.Entry<String, JsonNode>>();
    for (var i = 0; i < array.size(); i++) {
      elements.add(Map.entry(pointer + "/" + i, array.get(i)));
    }
    return elements;
  }

  private void checkOrder(Receipt receipt) {
    var started = receipt.deletion().startedAt();
    var verified = new TreeSet<>(receipt.deletion().verifiedEmptyAt());
    verified.add(started);
    requireOrder("/startedAt", receipt.requestedAt(), started);
    requireOrder("/verifiedEmptyAt", started, verified.getFirst());
    requireOrder("/endedAt", verified.getLast(), receipt.endedAt());
  }

  private void requireOrder(String pointer, Instant earlier, Instant later) {
    if (later.isBefore(earlier.minus(MAX_CLOCK_DIFFERENCE))) {
      faults.add(pointer, "must not be before the earlier steps");
    }
  }
}
