package dev.partywall.orders;

import com.fasterxml.jackson.databind.JsonNode;
import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.http.Handler;
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
    OrderDraftReader.rejectUnknown(body, OrderDraftReader.PLACE_FIELDS);
    var user = request.subject();
    var fingerprint = Digest.hex(request.body().bytes());
    while (true) {
      var now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
      var record = new IdempotencyRecord(fingerprint, validate(body, user, now));
      switch (write(record, key.map(name -> record.toWrite(user, name, now)))) {
        case Outcome.Written() -> {
          return record.result().response();
        }
        case Outcome.ConditionFailed(_, var current) -> {
          var existing = current.flatMap(IdempotencyRecord::of);
          if (existing.isPresent()) {
            return existing.get().responseFor(fingerprint).asReplay();
          }
          // Otherwise the order id is already used: the next iteration generates another.
        }
      }
    }
  }

  private PlacementResult validate(JsonNode body, String user, Instant now) {
    try {
      return new PlacementResult.Placed(
          Order.placed(ids.next(now), user, OrderDraftReader.read(body), now));
    } catch (ApiException refused) {
      if (refused.error() instanceof ApiError.Invalid(var faults)) {
        return new PlacementResult.InvalidOrder(faults);
      }
      throw refused;
    }
  }

  /** Writes order and record in one transaction. An invalid body without a key writes nothing. */
  private Outcome write(IdempotencyRecord record, Optional<Write> recordWrite) {
    var writes = new ArrayList<Write>();
    recordWrite.ifPresent(writes::add);
    if (record.result() instanceof PlacementResult.Placed(var order)) {
      writes.add(OrderStore.insertion(order));
    }
    return writes.isEmpty() ? new Outcome.Written() : table.transact(writes);
  }
}
