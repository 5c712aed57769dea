package dev.partywall.observability;

import java.util.Optional;

/**
 * The {@code traceparent} field of W3C Trace Context level 2 (section 3.2).
 *
 * @param traceId 32 lower-case hexadecimal digits
 * @param parentId 16 of them: the caller's span
 * @param flags the bits that are known to us: {@link #SAMPLED} and {@link #RANDOM}
 */
record TraceParent(String traceId, String parentId, int flags) {
  /** The caller may have recorded this trace. */
  static final int SAMPLED = 1;

  /** At least the right-most seven bytes of the trace id are random. */
  static final int RANDOM = 2;

  private static final int LENGTH = 55;

  /** What a field says; nothing when it does not hold, and then a new trace starts. */
  static Optional<TraceParent> parse(String field) {
    return holds(field)
        ? Optional.of(
            new TraceParent(
                field.substring(3, 35),
                field.substring(36, 52),
                Integer.parseInt(field, 53, LENGTH, 16) & (SAMPLED | RANDOM)))
        : Optional.empty();
  }

  /** The field for a call that goes out: always in version 00, the one that we speak. */
  String field() {
    return "00-" + traceId + "-" + parentId + "-0" + flags;
  }

  private static boolean holds(String field) {
    return field.length() >= LENGTH
        && isHex(field, 0, 2)
        && hasKnownEnd(field)
        && field.charAt(2) == '-'
        && isId(field, 3, 35)
        && field.charAt(35) == '-'
        && isId(field, 36, 52)
        && field.charAt(52) == '-'
        && isHex(field, 53, LENGTH);
  }

  // A later version may append fields, behind a dash; version ff is forbidden.
  private static boolean hasKnownEnd(String field) {
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

  // Upper case does not hold.
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
