package dev.partywall.orders;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.partywall.error.ApiError;
import dev.partywall.error.ApiError.Fault;
import dev.partywall.error.ApiException;
import dev.partywall.http.Response;
import dev.partywall.json.Json;
import dev.partywall.storage.Item;
import dev.partywall.storage.Key;
import dev.partywall.storage.Write;
import dev.partywall.storage.WriteCondition;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;

/**
 * The stored result of a request with an idempotency key. It is written in one transaction with the
 * order, so neither exists without the other.
 *
 * @param fingerprint the digest of the request body's bytes
 */
record IdempotencyRecord(String fingerprint, PlacementResult result) {
  private static final String COLLECTION = "idempotency";
  private static final int NAME_BYTES = 32;

  /**
   * The lifetime of a key. DynamoDB's TTL has second granularity; one second is added so the window
   * is never shorter than 24 h.
   */
  private static final Duration WINDOW = Duration.ofHours(24).plusSeconds(1);

  /** Returns the write that stores this record. Idempotency keys are scoped to the user. */
  Write toWrite(String user, String key, Instant now) {
    var item = Item.of(new Key(COLLECTION, Digest.name(List.of(user, key), NAME_BYTES)), json());
    return Write.put(item.withExpiry(now.plus(WINDOW)), new WriteCondition.Absent());
  }

  /** Returns the record in an item; empty if the item is not an idempotency record. */
  static Optional<IdempotencyRecord> of(Item item) {
    return item.key().collection().equals(COLLECTION)
        ? Optional.of(read(item.document()))
        : Optional.empty();
  }

  /**
   * Returns the stored response.
   *
   * @throws ApiException with {@link ApiError.IdempotencyKeyReused} when the request body differs,
   *     and as specified in {@link PlacementResult#response}
   */
  Response responseFor(String requestFingerprint) {
    if (!fingerprint.equals(requestFingerprint)) {
      throw new ApiException(new ApiError.IdempotencyKeyReused());
    }
    return result.response();
  }

  private String json() {
    return new String(Json.write(this::write), StandardCharsets.UTF_8);
  }

  private void write(JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeStringField("fingerprint", fingerprint);
    switch (result) {
      case PlacementResult.Placed(var order) ->
          out.writeStringField("order", OrderJson.write(order));
      case PlacementResult.InvalidOrder(var faults) -> write(out, faults);
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

  private static IdempotencyRecord read(String json) {
    var stored = OrderJson.parse(json);
    var result =
        stored.has("order")
            ? new PlacementResult.Placed(OrderJson.read(stored.required("order").textValue()))
            : new PlacementResult.InvalidOrder(faults(stored.required("faults")));
    return new IdempotencyRecord(stored.required("fingerprint").textValue(), result);
  }

  private static List<Fault> faults(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false)
        .map(fault ->
            new Fault(fault.required("pointer").textValue(), fault.required("detail").textValue()))
        .toList();
  }
}
