package dev.partywall.observability;

import dev.partywall.http.Response.Sent;
import java.util.concurrent.atomic.LongAdder;

/** The counts of one tenant, or of all that have none of their own. */
final class TenantCount {
  private final LongAdder done = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final LongAdder nanos = new LongAdder();
  private final LongAdder bytes = new LongAdder();

  // Touched by the sweep alone.
  private double score;
  private long before;
  private int idle;

  /** How a request ended. */
  enum Outcome {
    DONE,
    REFUSED,
    FAILED
  }

  /** Counts for one that was as busy as that while it had none. */
  static TenantCount promoted(long requests) {
    var count = new TenantCount();
    count.score = requests;
    return count;
  }

  void add(int status, Sent sent) {
    (status < 400 ? done : status < 500 ? refused : failed).increment();
    nanos.add(sent.took().toNanos());
    bytes.add(sent.bytes());
  }

  long requests(Outcome outcome) {
    return switch (outcome) {
      case DONE -> done.sum();
      case REFUSED -> refused.sum();
      case FAILED -> failed.sum();
    };
  }

  double busySeconds() {
    return nanos.sum() / 1e9;
  }

  double sentBytes() {
    return bytes.sum();
  }

  /** A minute has gone by: what was long ago counts half of what it counted before. */
  void age() {
    var total = done.sum() + refused.sum() + failed.sum();
    var recent = total - before;
    before = total;
    score = score / 2 + recent;
    idle = recent == 0 ? idle + 1 : 0;
  }

  /** How busy it has been lately. */
  double score() {
    return score;
  }

  /** For how many minutes it has done nothing. */
  int idle() {
    return idle;
  }
}
