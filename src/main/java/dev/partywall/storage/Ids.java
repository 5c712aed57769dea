package dev.partywall.storage;

import java.time.Instant;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/**
 * Generates ids: 48 bits of milliseconds and 80 random bits in Crockford's base 32, as in the <a
 * href="https://github.com/ulid/spec">ULID specification</a>. Ids sort by time and are
 * unpredictable.
 *
 * @param random must be unpredictable and thread-safe
 */
public record Ids(RandomGenerator random) {
  private static final int LENGTH = 26;
  private static final String DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  private static final int TIME_DIGITS = 10;
  private static final Pattern ULID = Pattern.compile("[0-7][" + DIGITS + "]{25}");

  /** Returns a new id for that time. */
  public String next(Instant now) {
    var id = new char[LENGTH];
    write(now.toEpochMilli(), id, 0, TIME_DIGITS);
    // The 80 random bits, in two halves: each digit encodes 5 bits, so 40 bits are 8 digits.
    write(random.nextLong() >>> 24, id, TIME_DIGITS, 8);
    write(random.nextLong() >>> 24, id, TIME_DIGITS + 8, 8);
    return new String(id);
  }

  /** Returns the first digits of the ids of that time. Ids of a later time sort after it. */
  static String timePrefix(Instant time) {
    var digits = new char[TIME_DIGITS];
    write(time.toEpochMilli(), digits, 0, TIME_DIGITS);
    return new String(digits);
  }

  /** Returns whether the text has the form of an id. */
  public static boolean isValid(String text) {
    return ULID.matcher(text).matches();
  }

  private static void write(long bits, char[] id, int offset, int digits) {
    var rest = bits;
    for (int i = offset + digits - 1; i >= offset; i--) {
      id[i] = DIGITS.charAt((int) (rest & 31));
      rest >>>= 5;
    }
  }
}
