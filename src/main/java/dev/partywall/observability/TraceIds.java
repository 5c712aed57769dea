package dev.partywall.observability;

import java.util.HexFormat;
import java.util.function.LongSupplier;

/**
 * Creates ids in the format of W3C Trace Context level 2: lower-case hexadecimal, never all zeros.
 *
 * @param random uniformly distributed numbers
 */
record TraceIds(LongSupplier random) {
  private static final HexFormat HEX = HexFormat.of();

  /** Returns 32 digits. All are random, which permits setting the random flag. */
  String traceId() {
    return HEX.toHexDigits(nonZero()) + HEX.toHexDigits(random.getAsLong());
  }

  /** Returns 16 digits. */
  String spanId() {
    return HEX.toHexDigits(nonZero());
  }

  /** Returns 32 digits. */
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
