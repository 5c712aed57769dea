package dev.partywall;

import dev.partywall.storage.Page;
import dev.partywall.storage.Query;
import dev.partywall.storage.TenantTable;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;

/**
 * Twenty orders over loopback, from a stub in a process of its own: as the product asks for them,
 * with all that its calls pass by, and as the SDK does it by itself. One thread, so that the time
 * is that of both ends together; the stub's is the same for both.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class LoopbackQueryBench {
  /** The SDK's defaults, on the same HTTP client as the product's. */
  @State(Scope.Benchmark)
  public static class Stock {
    private StubProcess stub;
    private DynamoDbClient client;

    @Setup
    public void build() throws IOException {
      Silence.log();
      stub = new StubProcess();
      client =
          StockSdk.client(it ->
              it.httpClientBuilder(Apache5HttpClient.builder()).endpointOverride(stub.address()));
      Warm.up(this::query);
    }

    QueryResponse query() {
      return client.query(StockSdk.twentyOrders());
    }

    @TearDown
    public void close() {
      client.close();
      stub.close();
    }
  }

  /** The product's table. */
  @State(Scope.Benchmark)
  public static class Ours {
    private final Query query = Query.all("order", 20);
    private StubProcess stub;
    private Doors doors;
    private TenantTable table;

    @Setup
    public void build() throws Exception {
      Silence.log();
      stub = new StubProcess();
      doors = new Doors();
      table = TenantTables.telling(doors, it -> it.endpointOverride(stub.address()));
      Warm.up(this::query);
    }

    Page query() {
      return Bound.call(() -> table.query(query));
    }

    @TearDown
    public void close() throws Exception {
      doors.close();
      stub.close();
    }
  }

  @Benchmark
  public QueryResponse baseline(Stock stock) {
    return stock.query();
  }

  @Benchmark
  public Page query(Ours ours) {
    return ours.query();
  }
}
