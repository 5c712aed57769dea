package dev.partywall.bench.jmh;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.partywall.isolation.RoleArn;
import dev.partywall.isolation.SessionPolicy;
import dev.partywall.tenancy.TenantLocation;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Measures the rendering of a session policy from a tenant's location. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class PolicyBench {
  private final SessionPolicy policy =
      new SessionPolicy(new RoleArn("arn:aws:iam::123456789012:role/tenant"), "eu-central-1");
  private final TenantLocation location = new TenantLocation("partywall-orders", List.of("acme"));
  private final JsonMapper jackson = new JsonMapper();
  private JsonNode tree;

  @Setup
  public void parse() throws JsonProcessingException {
    tree = jackson.readTree(policy.json(location));
  }

  /** The baseline: Jackson renders a prepared tree. */
  @Benchmark
  public String baseline() throws JsonProcessingException {
    return jackson.writeValueAsString(tree);
  }

  @Benchmark
  public String render() {
    return policy.json(location);
  }
}
