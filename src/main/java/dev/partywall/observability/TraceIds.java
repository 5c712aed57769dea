package dev.partywall.observability;

import java.util.HexFormat;
import java.util.function.LongSupplier;

/**
 * Makes ids in the form of W3C Trace Context level 2: lower-case hexadecimal, never all zeros.
 *
 * @param random uniformly distributed numbers
 */
record TraceIds(LongSupplier random) {
  private static final HexFormat HEX = HexFormat.of();

  /** 32 digits, of which all are random: so the random flag may be set. */
  String traceId() {
    return HEX.toHexDigits(nonZero()) + HEX.toHexDigits(random.getAsLong());
  }

  /** 16 digits. */
  String spanId() {
    return HEX.toHexDigits(nonZero());
  }

  /** 32 digits. */
  String requestId() {
    return traceId();
  }

  private long nonZero() {
    var number = random.getAsLong();
    while (number == 0) {
      number = random.getAsLong();
    }
    return number;
  }
}
