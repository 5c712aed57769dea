package dev.partywall.observability.log;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import dev.partywall.bench.jmh.DiscardedOutput;
import dev.partywall.tenancy.Execution;
import dev.partywall.tenancy.Identity;
import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantId;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.slf4j.Logger;
import org.slf4j.event.KeyValuePair;
import org.slf4j.event.Level;

/**
 * Measures formatting the access line of a request, compared with Jackson writing the same fields.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class LogLineBench {
  private static final List<KeyValuePair> FIELDS =
      List.of(
          new KeyValuePair("method", "GET"),
          new KeyValuePair("route", "/orders"),
          new KeyValuePair("status", 200),
          new KeyValuePair("durationMs", 1.234),
          new KeyValuePair("bytesOut", 7_340L));
  private static final TenantId TENANT = new TenantId("acme");

  private final Execution scope =
      new Execution(
          new Execution.CorrelationIds(
              "1".repeat(32),
              "2".repeat(32),
              "3".repeat(16),
              new Execution.Trace(Optional.empty(), 0, "")));
  private final LogLine line = new LogLine(InstantSource.system());
  private final JsonFactory jackson = new JsonFactory();
  private Logger log;

  @Setup
  public void build() {
    log = DiscardedOutput.install().getLogger("access");
    scope.setIdentity(
        new Identity.TenantUser(
            TENANT,
            Optional.of("premium"),
            "user-7",
            Set.of(),
            new Identity.Origin("https://issuer.example", OptionalLong.empty())));
    var _ = scope.callForTenant(new Tenant(TENANT, "premium"), () -> TENANT);
  }

  @Benchmark
  public byte[] baseline() throws IOException {
    var bytes = new ByteArrayBuilder(512);
    try (var out = jackson.createGenerator(bytes)) {
      out.writeStartObject();
      out.writeStringField("timestamp", Instant.now().toString());
      out.writeStringField("level", "INFO");
      out.writeStringField("logger", "access");
      out.writeStringField("message", "request");
      out.writeStringField("tenant", "acme");
      out.writeStringField("tier", "premium");
      out.writeStringField("user", "user-7");
      out.writeStringField("traceId", scope.ids().traceId());
      out.writeStringField("spanId", scope.ids().spanId());
      out.writeStringField("requestId", scope.ids().requestId());
      for (var field : FIELDS) {
        out.writePOJOField(field.key, field.value);
      }
      out.writeEndObject();
    }
    return bytes.toByteArray();
  }

  /** Formats the line's bytes. */
  @Benchmark
  public byte[] form() {
    return scope.call(() -> line.format(LogEvent.of(Level.INFO, "access", "request", FIELDS)));
  }

  /** Measures all work of the logging thread: slf4j's event, the line, the queue. */
  @Benchmark
  public Object log() {
    return scope.call(this::write);
  }

  private Logger write() {
    log.atInfo()
        .setMessage("request")
        .addKeyValue("method", "GET")
        .addKeyValue("route", "/orders")
        .addKeyValue("status", 200)
        .addKeyValue("durationMs", 1.234)
        .addKeyValue("bytesOut", 7_340L)
        .log();
    return log;
  }
}
