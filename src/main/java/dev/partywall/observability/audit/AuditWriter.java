package dev.partywall.observability.audit;

import dev.partywall.http.Sha256;
import dev.partywall.observability.log.LogEvent;
import dev.partywall.observability.log.ReservedOutput;
import dev.partywall.observability.trace.TraceIds;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.event.KeyValuePair;
import org.slf4j.event.Level;

/**
 * Writes audit entries as log lines in hash chains: each entry contains the hash of the previous
 * entry. The hash of a chain's last entry is its head.
 *
 * <p>An entry's last field, {@code hash}, is the SHA-256 of the line's bytes up to the comma before
 * the field. It covers bytes rather than values, and a verifier therefore needs no rules for a
 * canonical form of JSON. {@code previous} is the hash of the previous entry, and {@code seq}
 * counts from 0. A chain starts with an entry whose action is {@code start}. It ends with the
 * action {@code end}, or with {@code rotate} if another chain follows. Chains rotate daily (UTC)
 * and after 100,000 entries, which makes each day's log verifiable separately. An attacker with
 * write access to the log can forge a complete chain; therefore the head is logged at intervals, to
 * be stored elsewhere.
 *
 * <p>Entries are written regardless of the buffer's capacity: call {@link #awaitCapacity} before
 * performing the change that the entry records. A dropped entry leaves a gap in {@code seq}, which
 * the verifier reports.
 */
public final class AuditWriter {
  /** The logger name of every entry. */
  static final String LOGGER = "audit";

  /** The logger name of the lines that publish a chain's head. */
  static final String HEAD_LOGGER = "audit.head";

  /** The action of a chain's last entry when the process stops. */
  static final String END = "end";

  /** The action of a chain's last entry when another chain follows. */
  static final String ROTATE = "rotate";

  /** The {@code previous} value of a process's first entry. */
  static final String ZERO_HASH = "0".repeat(64);

  /** The {@code after} value of a process's first entry; otherwise the previous chain's name. */
  private static final String PROCESS_START = "process";

  private static final int MAX_ENTRIES = 100_000;

  private final ReservedOutput output;
  private final TraceIds ids;
  private final InstantSource clock;
  private final ReentrantLock lock = new ReentrantLock();
  private String chainName = "";
  private String head = ZERO_HASH;
  private long nextSeq;
  private long lastSeq;
  private LocalDate day = LocalDate.EPOCH;
  private String publishedHead = ZERO_HASH;
  private boolean closed;

  /**
   * Starts a chain by writing its first entry.
   *
   * @param ids name the chains; a name is not a secret, because the chain's hashes protect it
   */
  public AuditWriter(ReservedOutput output, TraceIds ids, InstantSource clock) {
    this.output = output;
    this.ids = ids;
    this.clock = clock;
    startChain(PROCESS_START);
  }

  /** Appends an entry. */
  void append(Level level, String action, List<KeyValuePair> fields) {
    lock.lock();
    try {
      rotateIfDue();
      write(level, action, fields);
    } finally {
      lock.unlock();
    }
  }

  /** Appends an entry, unless the final entry is written. Returns whether the entry is appended. */
  boolean appendBeforeEnd(Level level, String action, List<KeyValuePair> fields) {
    lock.lock();
    try {
      if (!closed) {
        append(level, action, fields);
      }
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits for buffer capacity for an entry. Returns false on timeout or if the thread is
   * interrupted.
   */
  boolean awaitCapacity(Duration timeout) {
    return output.awaitCapacity(timeout);
  }

  /**
   * Waits until all entries so far are written to standard output. Returns false on timeout or if
   * the thread is interrupted.
   */
  boolean awaitWritten(Duration timeout) {
    return output.awaitWritten(timeout);
  }

  /** Drops an entry for lack of capacity and leaves a gap in the sequence. */
  void dropEntry() {
    lock.lock();
    try {
      nextSeq++;
      output.countDropped();
    } finally {
      lock.unlock();
    }
  }

  /** Logs the chain's head if it has changed since the last call. */
  public void publishHead() {
    lock.lock();
    try {
      if (!publishedHead.equals(head) && awaitCapacity(Duration.ZERO)) {
        var fields = List.of(pair("chain", chainName), pair("seq", lastSeq), pair("head", head));
        output.put(LogEvent.of(Level.INFO, HEAD_LOGGER, "Chain head", fields));
        publishedHead = head;
      }
    } finally {
      lock.unlock();
    }
  }

  /** Closes the chain with a final entry, which shows the verifier that no tail is missing. */
  void close() {
    lock.lock();
    try {
      append(Level.INFO, END, List.of());
      closed = true;
    } finally {
      lock.unlock();
    }
  }

  private void rotateIfDue() {
    if (nextSeq >= MAX_ENTRIES || !day.equals(today())) {
      var closed = chainName;
      write(Level.INFO, ROTATE, List.of());
      startChain(closed);
    }
  }

  // The chain's random name keeps the entries of two processes in one file apart.
  // `previous` continues across chains: it links a chain's first entry to the last one before it.
  private void startChain(String after) {
    chainName = ids.traceId();
    nextSeq = 0;
    day = today();
    write(Level.INFO, "start", List.of(pair("after", after)));
  }

  private void write(Level level, String action, List<KeyValuePair> fields) {
    var pairs = new ArrayList<KeyValuePair>();
    pairs.add(pair("action", action));
    pairs.addAll(fields);
    pairs.addAll(List.of(pair("chain", chainName), pair("seq", nextSeq), pair("previous", head)));
    output.putSealed(LogEvent.of(level, LOGGER, action, pairs), this::seal);
    lastSeq = nextSeq++;
  }

  /** Returns the last field of an entry, and makes its hash the head of the chain. */
  private KeyValuePair seal(byte[] line) {
    head = hash(line);
    return pair("hash", head);
  }

  private LocalDate today() {
    return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
  }

  /** Returns the SHA-256 of an entry's bytes in lower-case hexadecimal. */
  static String hash(byte[] bytes) {
    return Sha256.hex(bytes);
  }

  /** Returns the hash of a part of a line, in which each character represents one byte. */
  static String hash(String text) {
    return hash(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Returns a field of an entry. */
  static KeyValuePair pair(String key, Object value) {
    return new KeyValuePair(key, value);
  }
}
