package dev.partywall.local.aws.iam;

import dev.partywall.local.aws.wire.AwsRequest;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * Records calls by operation and the latest decisions, for tests.
 *
 * <p>Every received call is counted, including denied calls and calls during an injected outage.
 */
public final class AwsCallRecorder {
  private static final int MAX_DECISIONS = 10_000;

  private final Map<String, Long> countByOperation = new HashMap<>();
  private final Deque<RecordedDecision> decisions = new ArrayDeque<>();
  private final Map<ForwardedOperation, Long> forwarded = new HashMap<>();

  private final Map<String, Long> requestedSessions = new HashMap<>();
  private final Map<String, Long> issuedSessions = new HashMap<>();
  private volatile BiConsumer<String, AwsRequest> observer = (_, _) -> {};

  /** An operation that was forwarded to the engine, and its caller's ARN. */
  public record ForwardedOperation(String principal, String operation) {}

  /** Returns the number of calls of an operation such as {@code sts:AssumeRole}. */
  public synchronized long callCount(String operation) {
    return countByOperation.getOrDefault(operation, 0L);
  }

  /** Returns the latest 10,000 decisions, oldest first. */
  public synchronized List<RecordedDecision> decisions() {
    return List.copyOf(decisions);
  }

  /** Returns the number of calls forwarded to the engine. */
  public synchronized long forwardedCount() {
    return forwarded.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Returns the callers and operations forwarded to the engine. */
  public synchronized Set<ForwardedOperation> forwardedOperations() {
    return Set.copyOf(forwarded.keySet());
  }

  /** Returns the number of STS calls for session names that start with {@code prefix}. */
  public synchronized long requestedSessionCount(String prefix) {
    return count(requestedSessions, prefix);
  }

  /** Returns the number of sessions issued with names that start with {@code prefix}. */
  public synchronized long issuedSessionCount(String prefix) {
    return count(issuedSessions, prefix);
  }

  private static long count(Map<String, Long> countBySession, String prefix) {
    return countBySession.entrySet().stream()
        .filter(session -> session.getKey().startsWith(prefix))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  /** Clears all records. */
  public synchronized void clear() {
    countByOperation.clear();
    decisions.clear();
    forwarded.clear();
    requestedSessions.clear();
    issuedSessions.clear();
  }

  /** Passes each call from now on to {@code receiver}, with its operation. */
  public void observe(BiConsumer<String, AwsRequest> receiver) {
    observer = receiver;
  }

  /** Counts a call. */
  public void recordCall(String operation, AwsRequest request) {
    synchronized (this) {
      countByOperation.merge(operation, 1L, Long::sum);
    }
    observer.accept(operation, request);
  }

  /** Counts an STS call for a session name. */
  public synchronized void recordRequestedSession(String session) {
    requestedSessions.merge(session, 1L, Long::sum);
  }

  /** Counts a session that STS issued. */
  public synchronized void recordIssuedSession(String session) {
    issuedSessions.merge(session, 1L, Long::sum);
  }

  /** Counts a call forwarded to the engine. */
  public synchronized void recordForwarded(String principal, String operation) {
    forwarded.merge(new ForwardedOperation(principal, operation), 1L, Long::sum);
  }

  synchronized void recordDecision(RecordedDecision decision) {
    decisions.add(decision);
    if (decisions.size() > MAX_DECISIONS) {
      decisions.removeFirst();
    }
  }
}
