package dev.partywall.orders;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.partywall.http.Json;
import dev.partywall.http.Refusal;
import dev.partywall.http.Refusal.Fault;
import dev.partywall.http.Refused;
import dev.partywall.http.Response;
import dev.partywall.storage.Condition;
import dev.partywall.storage.Item;
import dev.partywall.storage.Key;
import dev.partywall.storage.Write;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;

/**
 * A decision that is kept under an idempotency key. It is written together with the order, so that
 * there is no moment in which one is there without the other.
 *
 * @param fingerprint of the body that was decided on, byte for byte
 */
record Kept(String fingerprint, Decision decision) {
  private static final String COLLECTION = "idempotency";
  private static final int NAME_BYTES = 32;

  /** For how long a key is remembered; DynamoDB keeps whole seconds, so one more is none less. */
  private static final Duration WINDOW = Duration.ofHours(24).plusSeconds(1);

  /** The write that keeps it, under a key that belongs to the user who sent it. */
  Write keep(String user, String key, Instant now) {
    var item = Item.of(new Key(COLLECTION, Digest.name(List.of(user, key), NAME_BYTES)), json());
    return Write.put(item.expiring(now.plus(WINDOW)), new Condition.Absent());
  }

  /** What was kept there, if it is such a decision. */
  static Optional<Kept> of(Item item) {
    return item.key().collection().equals(COLLECTION)
        ? Optional.of(read(item.document()))
        : Optional.empty();
  }

  /**
   * The same answer again.
   *
   * @throws Refused as {@link Refusal.IdempotencyKeyReused} when the body is another one, and as
   *     {@link Decision#answer}
   */
  Response answerTo(String sameFingerprint) {
    if (!fingerprint.equals(sameFingerprint)) {
      throw new Refused(new Refusal.IdempotencyKeyReused());
    }
    return decision.answer();
  }

  private String json() {
    return new String(Json.write(this::write), StandardCharsets.UTF_8);
  }

  private void write(JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeStringField("fingerprint", fingerprint);
    switch (decision) {
      case Decision.Placed(var order) -> out.writeStringField("order", OrderJson.write(order));
      case Decision.Invalid(var faults) -> write(out, faults);
    }
    out.writeEndObject();
  }

  private static void write(JsonGenerator out, List<Fault> faults) throws IOException {
    out.writeArrayFieldStart("faults");
    for (var fault : faults) {
      out.writeStartObject();
      out.writeStringField("pointer", fault.pointer());
      out.writeStringField("detail", fault.detail());
      out.writeEndObject();
    }
    out.writeEndArray();
  }

  private static Kept read(String json) {
    var kept = OrderJson.parse(json);
    var decision =
        kept.has("order")
            ? new Decision.Placed(OrderJson.read(kept.required("order").textValue()))
            : new Decision.Invalid(faults(kept.required("faults")));
    return new Kept(kept.required("fingerprint").textValue(), decision);
  }

  private static List<Fault> faults(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false)
        .map(it -> new Fault(it.required("pointer").textValue(), it.required("detail").textValue()))
        .toList();
  }
}
