package dev.partywall.local.aws.iam;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What was asked of this AWS, for tests to read: calls by operation, and the latest decisions.
 *
 * <p>A call is counted when it comes in, also where it is then refused or the service is away.
 */
public final class Recorder {
  private static final int KEPT = 10_000;

  private final Map<String, Long> calls = new HashMap<>();
  private final Deque<Decision> decisions = new ArrayDeque<>();
  private final Map<Pass, Long> passes = new HashMap<>();

  private final Map<String, Long> sessions = new HashMap<>();

  /** A caller's ARN, and an operation that the engine has seen of him. */
  public record Pass(String principal, String operation) {}

  /** How often that operation was called, such as {@code sts:AssumeRole}. */
  public synchronized long calls(String operation) {
    return calls.getOrDefault(operation, 0L);
  }

  /** The latest 10,000 decisions, the oldest first. */
  public synchronized List<Decision> decisions() {
    return List.copyOf(decisions);
  }

  /** How many calls were let through to the engine. */
  public synchronized long passed() {
    return passes.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Who was let through to the engine, with what. */
  public synchronized Set<Pass> passes() {
    return Set.copyOf(passes.keySet());
  }

  /** How often STS was asked for a session whose name starts so. */
  public synchronized long sessions(String start) {
    return sessions.entrySet().stream()
        .filter(it -> it.getKey().startsWith(start))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  /** Starts anew. */
  public synchronized void clear() {
    calls.clear();
    decisions.clear();
    passes.clear();
    sessions.clear();
  }

  /** Counts a call. */
  public synchronized void called(String operation) {
    calls.merge(operation, 1L, Long::sum);
  }

  /** Counts a call for a session. */
  public synchronized void asked(String session) {
    sessions.merge(session, 1L, Long::sum);
  }

  /** Counts a call that is let through to the engine. */
  public synchronized void pass(String principal, String operation) {
    passes.merge(new Pass(principal, operation), 1L, Long::sum);
  }

  synchronized void decided(Decision decision) {
    decisions.add(decision);
    if (decisions.size() > KEPT) {
      decisions.removeFirst();
    }
  }
}
