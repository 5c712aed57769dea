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
   * Places an order: once, however often the request comes, when it brings an idempotency key. Only
   * what the rules decide is kept; a request that can't be understood may come again under its key.
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
      var kept = new Kept(fingerprint, decide(body, user, now));
      switch (write(kept, key.map(name -> kept.keep(user, name, now)))) {
        case Outcome.Written() -> {
          return kept.decision().answer();
        }
        case Outcome.Failed(_, var standing) -> {
          var before = standing.flatMap(Kept::of);
          if (before.isPresent()) {
            return before.get().answerTo(fingerprint).again();
          }
          // Otherwise it is the order's name that is taken: the next round draws another.
        }
      }
    }
  }

  private Decision decide(JsonNode body, String user, Instant now) {
    try {
      return new Decision.Placed(Order.placed(ids.next(now), user, DraftReader.read(body), now));
    } catch (Refused refused) {
      if (refused.refusal() instanceof Refusal.Invalid(var faults)) {
        return new Decision.Invalid(faults);
      }
      throw refused;
    }
  }

  /** All in one transaction; nothing at all for a body that does not hold and has no key. */
  private Outcome write(Kept kept, Optional<Write> keep) {
    var writes = new ArrayList<Write>();
    keep.ifPresent(writes::add);
    if (kept.decision() instanceof Decision.Placed(var order)) {
      writes.add(OrderStore.placing(order));
    }
    return writes.isEmpty() ? new Outcome.Written() : table.transact(writes);
  }
}
