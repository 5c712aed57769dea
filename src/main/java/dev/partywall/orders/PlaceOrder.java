package dev.partywall.orders;

import com.fasterxml.jackson.databind.JsonNode;
import dev.partywall.http.Handler;
import dev.partywall.http.Refusal;
import dev.partywall.http.Refused;
import dev.partywall.http.Request;
import dev.partywall.http.Response;
import dev.partywall.storage.Outcome;
import dev.partywall.storage.TenantTable;
import dev.partywall.storage.Write;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Optional;

/** {@code POST /orders}. */
record PlaceOrder(TenantTable table, OrderIds ids, InstantSource clock) implements Handler {
  /**
   * Places an order. With an idempotency key, repeated requests place it only once. Only validation
   * results are stored: after a malformed request its key can be used again.
   */
  @Override
  public Response handle(Request request) {
    var body = request.json();
    var key = IdempotencyKey.of(request.headers());
    DraftReader.refuseUnknown(body, DraftReader.PLACING);
    var user = request.caller().name();
    var fingerprint = Digest.hex(request.body().bytes());
    while (true) {
      var now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
      var record = new Kept(fingerprint, validate(body, user, now));
      switch (write(record, key.map(name -> record.keep(user, name, now)))) {
        case Outcome.Written() -> {
          return record.decision().answer();
        }
        case Outcome.Failed(_, var current) -> {
          var existing = current.flatMap(Kept::of);
          if (existing.isPresent()) {
            return existing.get().answerTo(fingerprint).again();
          }
          // Otherwise the order id is already used: the next iteration generates another.
        }
      }
    }
  }

  private Decision validate(JsonNode body, String user, Instant now) {
    try {
      return new Decision.Placed(Order.placed(ids.next(now), user, DraftReader.read(body), now));
    } catch (Refused refused) {
      if (refused.refusal() instanceof Refusal.Invalid(var faults)) {
        return new Decision.Invalid(faults);
      }
      throw refused;
    }
  }

  /** Writes order and record in one transaction. An invalid body without a key writes nothing. */
  private Outcome write(Kept record, Optional<Write> recordWrite) {
    var writes = new ArrayList<Write>();
    recordWrite.ifPresent(writes::add);
    if (record.decision() instanceof Decision.Placed(var order)) {
      writes.add(OrderStore.placing(order));
    }
    return writes.isEmpty() ? new Outcome.Written() : table.transact(writes);
  }
}
