package dev.partywall.orders;

import java.time.Instant;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/**
 * Names for orders: 48 bits of milliseconds and 80 random ones in Crockford's base 32, as in the <a
 * href="https://github.com/ulid/spec">ULID specification</a>. They sort by time, and nobody can
 * guess the next one.
 *
 * @param random unpredictable, and safe for use by many threads
 */
record OrderIds(RandomGenerator random) {
  static final int LENGTH = 26;

  private static final String DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  private static final int TIME_DIGITS = 10;
  private static final Pattern FORM = Pattern.compile("[0-7][" + DIGITS + "]{25}");

  /** A name for what happens now. */
  String next(Instant now) {
    var id = new char[LENGTH];
    write(now.toEpochMilli(), id, 0, TIME_DIGITS);
    // 80 bits are 16 digits: two times 40 bits.
    write(random.nextLong() >>> 24, id, TIME_DIGITS, 8);
    write(random.nextLong() >>> 24, id, TIME_DIGITS + 8, 8);
    return new String(id);
  }

  /** Whether there could be an order of that name. */
  static boolean hasForm(String text) {
    return FORM.matcher(text).matches();
  }

  private static void write(long bits, char[] id, int at, int digits) {
    var rest = bits;
    for (int i = at + digits - 1; i >= at; i--) {
      id[i] = DIGITS.charAt((int) (rest & 31));
      rest >>>= 5;
    }
  }
}
