package dev.partywall.orders;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.partywall.error.Faults;
import dev.partywall.json.Json;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Parsing and validating the body of a new order. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class OrderInBench {
  private final JsonMapper jackson = new JsonMapper();
  private final byte[] body = SampleOrder.draft();

  /** Jackson's tree model with default settings. */
  @Benchmark
  public JsonNode baseline() throws IOException {
    return jackson.readTree(body);
  }

  @Benchmark
  public JsonNode parse() {
    return Json.parse(body);
  }

  @Benchmark
  public Object parseAndCheck() {
    var json = Json.parse(body);
    OrderDraftReader.rejectUnknown(json, OrderDraftReader.PLACE_FIELDS);
    return OrderDraftReader.read(json, new Faults());
  }
}
