package dev.partywall.orders;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.partywall.json.Json;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Writing orders as JSON, and reading stored documents. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class OrderOutBench {
  /** Neither static nor final, to prevent constant folding by the JIT. */
  private Order order = SampleOrder.ORDER;

  private final JsonMapper jackson = new JsonMapper();
  private final String stored = OrderJson.write(SampleOrder.ORDER);
  private final JsonNode tree = Json.parseStored(stored);

  /** Jackson, from a tree with numbers and times already in their JSON form. */
  @Benchmark
  public String baseline() throws JsonProcessingException {
    return jackson.writeValueAsString(tree);
  }

  @Benchmark
  public String write() {
    return OrderJson.write(order);
  }

  @Benchmark
  public Object read() {
    return OrderJson.read(stored);
  }
}
