package dev.partywall;

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
 * Twenty orders: as the product reads them, and as the SDK does it by itself. They come from this
 * JVM, so that only what client and product do is measured; or from a stub in a process of its own,
 * so that the time is that of both ends together, where the stub's is the same for all. On virtual
 * threads, as in the service: there to wait is to give the thread's carrier away.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(jvmArgsAppend = "-Djmh.executor=VIRTUAL")
public class QueryBench {
  /** Where the orders come from. */
  public enum From {
    JVM,
    LOOPBACK
  }

  /** It. */
  @State(Scope.Benchmark)
  public static class Source {
    @Param public From from;
    private StubProcess stub;

    @Setup
    public void open() throws IOException {
      Silence.log();
      stub = from == From.LOOPBACK ? new StubProcess() : null;
    }

    /** By whatever HTTP client it has. */
    void reach(DynamoDbClientBuilder client) {
      if (stub == null) {
        CannedHttp.answers(client);
      } else {
        client.endpointOverride(stub.address());
      }
    }

    /** As the product's: over loopback it has its own HTTP client already. */
    void reachWatched(DynamoDbClientBuilder client) {
      if (stub == null) {
        CannedHttp.answersWatched(client);
      } else {
        reach(client);
      }
    }

    @TearDown
    public void close() {
      if (stub != null) {
        stub.close();
      }
    }
  }

  /** The SDK's defaults, nothing around it, and credentials that never change. */
  @State(Scope.Benchmark)
  public static class Stock {
    private DynamoDbClient client;

    @Setup
    public void build(Source source) {
      client = StockSdk.client(source::reach);
      Warm.up(this::query);
    }

    QueryResponse query() {
      return client.query(StockSdk.twentyOrders());
    }

    @TearDown
    public void close() {
      client.close();
    }
  }

  /** The product's table, with the tenant's credentials. */
  @State(Scope.Benchmark)
  public static class Silent {
    private final Query query = Query.all("order", 20);
    private TenantTable table;

    @Setup
    public void build(Source source) {
      table = TenantTables.silent(source::reachWatched);
      Warm.up(this::query);
    }

    Page query() {
      return Bound.call(() -> table.query(query));
    }
  }

  /** The product's table, with all that the product's calls pass by. */
  @State(Scope.Benchmark)
  public static class Telling {
    private final Query query = Query.all("order", 20);
    private Doors doors;
    private TenantTable table;

    @Setup
    public void build(Source source) throws Exception {
      doors = new Doors();
      table = TenantTables.telling(doors, source::reachWatched);
      Warm.up(this::query);
    }

    Page query() {
      return Bound.call(() -> table.query(query));
    }

    @TearDown
    public void close() throws Exception {
      doors.close();
    }
  }

  @Benchmark
  public QueryResponse baseline(Stock stock) {
    return stock.query();
  }

  @Benchmark
  public Page withoutSignals(Silent silent) {
    return silent.query();
  }

  @Benchmark
  public Page query(Telling telling) {
    return telling.query();
  }
}
