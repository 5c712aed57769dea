package dev.partywall.observability;

import dev.partywall.http.Response.SendResult;
import java.util.concurrent.atomic.LongAdder;

/** The request counts of one tenant, or of all tenants without their own series. */
final class TenantCount {
  private final LongAdder done = new LongAdder();
  private final LongAdder rejected = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final LongAdder nanos = new LongAdder();
  private final LongAdder bytes = new LongAdder();

  // Accessed only by the periodic update of the ranking.
  private double score;
  private long previousTotal;
  private int idleMinutes;

  /** The outcome of a request. */
  enum RequestOutcome {
    DONE,
    REJECTED,
    FAILED
  }

  /** Creates counts for a tenant that made {@code requests} as a candidate. */
  static TenantCount promoted(long requests) {
    var count = new TenantCount();
    count.score = requests;
    return count;
  }

  void add(int status, SendResult sent) {
    (status < 400 ? done : status < 500 ? rejected : failed).increment();
    nanos.add(sent.duration().toNanos());
    bytes.add(sent.bytes());
  }

  long requests(RequestOutcome outcome) {
    return switch (outcome) {
      case DONE -> done.sum();
      case REJECTED -> rejected.sum();
      case FAILED -> failed.sum();
    };
  }

  double busySeconds() {
    return nanos.sum() / 1e9;
  }

  double sentBytes() {
    return bytes.sum();
  }

  /** Updates the score once per minute: halves the old score and adds the recent requests. */
  void updateScore() {
    var total = done.sum() + rejected.sum() + failed.sum();
    var recent = total - previousTotal;
    previousTotal = total;
    score = score / 2 + recent;
    idleMinutes = recent == 0 ? idleMinutes + 1 : 0;
  }

  /** Returns the exponentially decayed number of requests. */
  double score() {
    return score;
  }

  /** Returns the number of minutes without a request. */
  int idleMinutes() {
    return idleMinutes;
  }
}
