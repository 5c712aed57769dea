package dev.partywall.observability.trace;

import java.util.Optional;

/**
 * The {@code traceparent} field of W3C Trace Context level 2 (section 3.2).
 *
 * @param traceId 32 lower-case hexadecimal digits
 * @param parentId 16 lower-case hexadecimal digits: the span of the sender, which is the caller in
 *     an incoming request and this service in an outgoing call
 * @param flags the supported bits: {@link #SAMPLED} and {@link #RANDOM}
 */
record TraceParent(String traceId, String parentId, int flags) {
  /** The caller may have recorded this trace. */
  static final int SAMPLED = 1;

  /** At least the right-most seven bytes of the trace id are random. */
  static final int RANDOM = 2;

  private static final int LENGTH = 55;

  /** Parses a field. Returns empty if it is invalid; the caller then starts a new trace. */
  static Optional<TraceParent> parse(String field) {
    return isValid(field)
        ? Optional.of(
            new TraceParent(
                field.substring(3, 35),
                field.substring(36, 52),
                Integer.parseInt(field, 53, LENGTH, 16) & (SAMPLED | RANDOM)))
        : Optional.empty();
  }

  /** Returns the field for an outgoing call, always in version 00. */
  String headerValue() {
    return "00-" + traceId + "-" + parentId + "-0" + flags;
  }

  private static boolean isValid(String field) {
    return field.length() >= LENGTH
        && isHex(field, 0, 2)
        && hasValidEnd(field)
        && field.charAt(2) == '-'
        && isId(field, 3, 35)
        && field.charAt(35) == '-'
        && isId(field, 36, 52)
        && field.charAt(52) == '-'
        && isHex(field, 53, LENGTH);
  }

  // A later version may append fields after a dash. Version ff is forbidden.
  private static boolean hasValidEnd(String field) {
    if (field.startsWith("00")) {
      return field.length() == LENGTH;
    }
    return !field.startsWith("ff") && (field.length() == LENGTH || field.charAt(LENGTH) == '-');
  }

  private static boolean isId(String field, int from, int to) {
    var zeros = true;
    for (var i = from; i < to; i++) {
      zeros &= field.charAt(i) == '0';
    }
    return !zeros && isHex(field, from, to);
  }

  // Upper-case digits are invalid.
  private static boolean isHex(String field, int from, int to) {
    for (var i = from; i < to; i++) {
      var c = field.charAt(i);
      if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
        return false;
      }
    }
    return true;
  }
}
