package dev.partywall.bench.jmh;

import dev.partywall.runtime.BenchFilters;
import dev.partywall.storage.Page;
import dev.partywall.storage.Query;
import dev.partywall.storage.TenantTable;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClientBuilder;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;

/**
 * Reads 20 orders with the product and with the SDK alone. The orders come from this JVM, which
 * measures only client and product, or from a stub in its own process, which measures both ends;
 * the stub's share is the same for all. Runs on virtual threads, as the service does: a waiting
 * thread releases its carrier.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(jvmArgsAppend = "-Djmh.executor=VIRTUAL")
public class QueryBench {
  /** The origin of the orders. */
  public enum OrderOrigin {
    JVM,
    LOOPBACK
  }

  /** Connects clients to the configured origin. */
  @State(Scope.Benchmark)
  public static class OrderSource {
    @Param public OrderOrigin from;
    private JmhStubProcess stub;

    @Setup
    public void open() throws IOException {
      DiscardedOutput.install();
      stub = from == OrderOrigin.LOOPBACK ? new JmhStubProcess() : null;
    }

    /** Configures a client of the stock SDK. */
    void configure(DynamoDbClientBuilder client) {
      if (stub == null) {
        CannedHttpClient.configure(client);
      } else {
        client.endpointOverride(stub.address());
      }
    }

    /** Configures the product's client. Over loopback, it keeps its own HTTP client. */
    void configureAbortable(DynamoDbClientBuilder client) {
      if (stub == null) {
        CannedHttpClient.configureAbortable(client);
      } else {
        configure(client);
      }
    }

    @TearDown
    public void close() {
      if (stub != null) {
        stub.close();
      }
    }
  }

  /** The SDK with its defaults and static credentials. */
  @State(Scope.Benchmark)
  public static class StockClient {
    private DynamoDbClient client;

    @Setup
    public void build(OrderSource source) {
      client = StockSdk.client(source::configure);
      WarmUp.run(this::query);
    }

    QueryResponse query() {
      return client.query(StockSdk.twentyOrders());
    }

    @TearDown
    public void close() {
      client.close();
    }
  }

  /** The product's table with the tenant's credentials, without telemetry. */
  @State(Scope.Benchmark)
  public static class TableWithoutTelemetry {
    private final Query query = Query.all("order", 20);
    private TenantTable table;

    @Setup
    public void build(OrderSource source) {
      var connection = TenantTableWiring.withoutTelemetry(source::configureAbortable);
      table = new TenantTable(() -> connection);
      WarmUp.run(this::query);
    }

    Page query() {
      return BoundScope.call(() -> table.query(query));
    }
  }

  /** The product's table with all interceptors. */
  @State(Scope.Benchmark)
  public static class TableWithTelemetry {
    private final Query query = Query.all("order", 20);
    private BenchFilters benchFilters;
    private TenantTable table;

    @Setup
    public void build(OrderSource source) throws Exception {
      benchFilters = new BenchFilters();
      var connection = TenantTableWiring.withTelemetry(benchFilters, source::configureAbortable);
      table = new TenantTable(() -> connection);
      WarmUp.run(this::query);
    }

    Page query() {
      return BoundScope.call(() -> table.query(query));
    }

    @TearDown
    public void close() throws Exception {
      benchFilters.close();
    }
  }

  @Benchmark
  public QueryResponse baseline(StockClient stock) {
    return stock.query();
  }

  @Benchmark
  public Page withoutTelemetry(TableWithoutTelemetry silent) {
    return silent.query();
  }

  @Benchmark
  public Page query(TableWithTelemetry telling) {
    return telling.query();
  }
}
