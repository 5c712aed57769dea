package dev.partywall.observability.audit;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.observability.log.CapturedLog;
import dev.partywall.observability.trace.TraceIds;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.SplittableRandom;
import org.slf4j.event.KeyValuePair;
import org.slf4j.event.Level;

/** Writes audit chains with entries of alice. */
record AuditChains(InstantSource now) {
  /** Returns the lines of a chain. Its ids depend only on the seed. */
  List<String> chain(long seed, int entries, boolean closed) throws Exception {
    var log = new CapturedLog();
    var chain = new AuditWriter(log.factory().reservedOutput(), ids(seed), now);
    for (var i = 0; i < entries; i++) {
      chain.append(Level.INFO, "PUT /things/{id}", List.of(new KeyValuePair("actor", "alice")));
    }
    if (closed) {
      chain.close();
    }
    assertTrue(log.factory().flush(Duration.ofSeconds(30)));
    return log.rawLines();
  }

  /** Returns the entry with another actor and a matching hash. */
  static String forged(String line) {
    var body = line.replace("alice", "mallo");
    body = body.substring(0, body.indexOf(",\"hash\":"));
    return body + ",\"hash\":\"" + AuditWriter.hash(body) + "\"}";
  }

  static TraceIds ids(long seed) {
    return new TraceIds(new SplittableRandom(seed)::nextLong);
  }
}
