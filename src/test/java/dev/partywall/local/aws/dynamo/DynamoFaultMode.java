package dev.partywall.local.aws.dynamo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.partywall.local.aws.wire.AwsResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Selects calls that fail as they do in DynamoDB, and delays the results of indexes. DynamoDB Local
 * has neither conflicts nor throttling, and its indexes are always current. All faults are off
 * until a test turns them on.
 */
public final class DynamoFaultMode {
  private static final Duration MAX_DELAY = Duration.ofSeconds(5);
  private static final String ALL_INDEXES = "";

  private final List<FaultRule> rules = new CopyOnWriteArrayList<>();
  private final Map<String, Duration> delays = new ConcurrentHashMap<>();

  /**
   * A share of the calls that fail. The share is exact: of 100 calls, 0.25 selects every fourth.
   */
  private static final class FaultRule {
    private final DynamoFault fault;
    private final Optional<String> table;
    private final double share;
    private double selected;

    FaultRule(DynamoFault fault, Optional<String> table, double share) {
      if (share < 0 || share > 1) {
        throw new IllegalArgumentException("a share is from 0 to 1");
      }
      this.fault = fault;
      this.table = table;
      this.share = share;
    }

    synchronized boolean selects(String operation, ObjectNode body) {
      var applies =
          fault.appliesTo(operation)
              && table.map(CalledTables.of(operation, body)::contains).orElse(true);
      selected += applies ? share : 0;
      if (!applies || selected < 1) {
        return false;
      }
      selected -= 1;
      return true;
    }
  }

  /**
   * Lets calls fail.
   *
   * @param share the share of the calls, from 0 to 1
   */
  public void inject(DynamoFault fault, double share) {
    rules.add(new FaultRule(fault, Optional.empty(), share));
  }

  /**
   * Lets calls of one table fail.
   *
   * @param share the share of the calls, from 0 to 1
   */
  public void inject(DynamoFault fault, String table, double share) {
    rules.add(new FaultRule(fault, Optional.of(table), share));
  }

  /**
   * Delays all indexes. A read of an index does not return an item that was written within the
   * delay, and still returns one that was deleted within it. The delay applies to writes through
   * the local AWS, except PartiQL statements.
   *
   * @param delay at most 5 s
   */
  public void delayIndexes(Duration delay) {
    delay(ALL_INDEXES, delay);
  }

  /**
   * Delays one index of each table, with priority over the delay of all indexes.
   *
   * @param delay at most 5 s
   */
  public void delayIndex(String index, Duration delay) {
    delay(index, delay);
  }

  private void delay(String index, Duration delay) {
    if (delay.isNegative() || delay.compareTo(MAX_DELAY) > 0) {
      throw new IllegalArgumentException("a delay is from 0 to 5 s");
    }
    delays.put(index, delay);
  }

  /** Turns all faults off. */
  public void restore() {
    rules.clear();
    delays.clear();
  }

  /** Returns the error response of a call; empty if it does not fail. */
  Optional<AwsResponse> failure(String operation, ObjectNode body) {
    return rules.stream()
        .filter(rule -> rule.selects(operation, body))
        .findFirst()
        .map(rule -> rule.fault.response(operation, body, rule.table));
  }

  boolean delaysIndexes() {
    return !delays.isEmpty();
  }

  Duration delayOf(String index) {
    return delays.getOrDefault(index, delays.getOrDefault(ALL_INDEXES, Duration.ZERO));
  }
}
