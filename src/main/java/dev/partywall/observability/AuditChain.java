package dev.partywall.observability;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.slf4j.event.KeyValuePair;
import org.slf4j.event.Level;

/**
 * Writes audit entries as log lines, each of which carries the hash of the one before.
 *
 * <p>An entry's last field, {@code hash}, is the SHA-256 of the line's bytes up to the comma before
 * it; {@code previous} is the hash of the entry before, and {@code seq} counts from 0. A chain
 * begins with an entry whose action is {@code start} and is closed by one whose action is {@code
 * end}, or {@code rotate} when the next chain follows: each day (UTC), so that a day's log can be
 * verified by itself. Whoever can write the log can also make a whole chain anew; so its heads go
 * out at intervals, to be kept elsewhere.
 *
 * <p>An entry is written whether there is room for it or not: {@link #awaitRoom} is to be asked
 * before that is done which it will tell of. One that is given up all the same leaves a gap in
 * {@code seq}, so that whoever verifies the chain sees it.
 */
public final class AuditChain {
  /** The logger's name on every entry. */
  static final String LOGGER = "audit";

  /** The logger's name on the lines that say how far a chain has come. */
  static final String HEAD_LOGGER = "audit.head";

  /** The action that closes a chain before the process ends. */
  static final String END = "end";

  /** The action that closes a chain which goes on in the next. */
  static final String ROTATE = "rotate";

  /** What stands for the hash before the first. */
  static final String NOTHING = "0".repeat(64);

  private static final int LONGEST = 100_000;

  private final LogLine line;
  private final LogOutput output;
  private final TraceIds ids;
  private final InstantSource clock;
  private final ReentrantLock order = new ReentrantLock();
  private String chain = "";
  private String head = NOTHING;
  private long next;
  private long last;
  private LocalDate day = LocalDate.EPOCH;
  private String told = NOTHING;

  /** A chain that goes out through {@code log}; begins with its first entry. */
  public AuditChain(JsonLoggerFactory log, LongSupplier random, InstantSource clock) {
    this.line = log.line();
    this.output = log.output();
    this.ids = new TraceIds(random);
    this.clock = clock;
    begin("process");
  }

  /** Appends an entry. */
  void append(Level level, String action, List<KeyValuePair> fields) {
    order.lock();
    try {
      rotate();
      write(level, action, fields);
    } finally {
      order.unlock();
    }
  }

  /** Waits for room for an entry; false when there was none in time, or this was interrupted. */
  boolean awaitRoom(Duration patience) {
    return output.awaitRoom(patience);
  }

  /** Gives an entry up, for want of room. */
  void giveUp() {
    order.lock();
    try {
      next++;
      output.lose(1);
    } finally {
      order.unlock();
    }
  }

  /** Tells how far the chain has come, where that has changed since the last time. */
  public void tellHead() {
    order.lock();
    try {
      if (!told.equals(head) && awaitRoom(Duration.ZERO)) {
        var fields = List.of(pair("chain", chain), pair("seq", last), pair("head", head));
        output.put(line.of(LogEvent.of(Level.INFO, HEAD_LOGGER, "head", fields)));
        told = head;
      }
    } finally {
      order.unlock();
    }
  }

  /** Closes the chain, so that a reader knows that nothing is missing behind it. */
  public void end() {
    append(Level.INFO, END, List.of());
  }

  private void rotate() {
    if (next >= LONGEST || !day.equals(today())) {
      var closed = chain;
      write(Level.INFO, ROTATE, List.of());
      begin(closed);
    }
  }

  // `previous` goes on across chains: that ties the first entry of one to the last of the other.
  private void begin(String after) {
    chain = ids.traceId();
    next = 0;
    day = today();
    write(Level.INFO, "start", List.of(pair("after", after)));
  }

  private void write(Level level, String action, List<KeyValuePair> fields) {
    var all = new ArrayList<KeyValuePair>();
    all.add(pair("action", action));
    all.addAll(fields);
    all.addAll(List.of(pair("chain", chain), pair("seq", next), pair("previous", head)));
    var text = line.begin(LogEvent.of(level, LOGGER, action, all));
    head = hash(text.toBytes());
    last = next++;
    output.put(text.name("hash").string(head, 64).close().raw('\n').toBytes());
  }

  private LocalDate today() {
    return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
  }

  /** The hash of an entry's bytes, in lower-case hexadecimal. */
  static String hash(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  /** The hash of a line's part, which is ASCII. */
  static String hash(String text) {
    return hash(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static KeyValuePair pair(String key, Object value) {
    return new KeyValuePair(key, value);
  }
}
