package dev.partywall.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import dev.partywall.json.Json;
import dev.partywall.runtime.AwsFaultProxy.ProxiedCall;
import dev.partywall.runtime.AwsFaultProxy.WireMessage;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;

/** Records the units in the responses of DynamoDB. */
final class WireUnits {
  private static final BigDecimal READ_COST = BigDecimal.valueOf(1_000);
  private static final BigDecimal WRITE_COST = BigDecimal.valueOf(2_000);
  private static final BigDecimal READ_PRICE = BigDecimal.valueOf(3);
  private static final BigDecimal WRITE_PRICE = BigDecimal.valueOf(5);

  /** A price list with the cost and the prices above. */
  static final String PRICES =
      """
      {"currency":"EUR","cost":{"readUnits":1000,"writeUnits":2000},
       "tiers":{"premium":{"readUnits":3,"writeUnits":5}}}
      """;

  private Units sum = Units.ZERO;

  /** Units of calls, as DynamoDB reports them. */
  record Units(BigDecimal reads, BigDecimal writes) {
    static final Units ZERO = new Units(BigDecimal.ZERO, BigDecimal.ZERO);

    Units plus(Units other) {
      return new Units(reads.add(other.reads), writes.add(other.writes));
    }

    long costMicros() {
      return reads.multiply(READ_COST).add(writes.multiply(WRITE_COST)).longValueExact();
    }

    long chargedMicros() {
      return reads.multiply(READ_PRICE).add(writes.multiply(WRITE_PRICE)).longValueExact();
    }

    /** Returns whether the members of a response are these units. */
    boolean isSame(JsonNode node) {
      return reads.compareTo(node.path("readUnits").decimalValue()) == 0
          && writes.compareTo(node.path("writeUnits").decimalValue()) == 0;
    }
  }

  /** Forwards the call and its response. */
  boolean record(ProxiedCall call) throws IOException {
    var response = call.forward();
    add(call.request(), response);
    call.reply(response.bytes());
    return true;
  }

  private synchronized void add(WireMessage request, WireMessage response) {
    var capacity =
        Json.parse(response.body().getBytes(StandardCharsets.ISO_8859_1)).path("ConsumedCapacity");
    var total =
        capacity.findValues("CapacityUnits").stream()
            .map(JsonNode::decimalValue)
            .reduce(BigDecimal.ZERO, BigDecimal::add);
    sum =
        sum.plus(
            request.head().contains("TransactWriteItems")
                ? new Units(BigDecimal.ZERO, total)
                : new Units(total, BigDecimal.ZERO));
  }

  /** Returns the units since the last call. */
  synchronized Units take() {
    var taken = sum;
    sum = Units.ZERO;
    return taken;
  }
}
