package dev.partywall;

import dev.partywall.isolation.CredentialListener;
import dev.partywall.storage.Page;
import dev.partywall.storage.Query;
import dev.partywall.storage.TenantTable;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;

/**
 * Twenty orders through the SDK, with an HTTP client that answers them at once: as the product
 * reads them, and as the SDK does it by itself.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class TableQueryBench {
  /** The SDK's defaults, nothing around it, and credentials that never change. */
  @State(Scope.Benchmark)
  public static class Stock {
    private DynamoDbClient client;

    @Setup
    public void build() {
      Silence.log();
      client = StockSdk.client(CannedHttp::answers);
      Warm.up(this::query);
    }

    QueryResponse query() {
      return client.query(StockSdk.twentyOrders());
    }
  }

  /** The product's table, with the tenant's credentials and what it consumes. */
  @State(Scope.Benchmark)
  public static class Silent {
    private final Query query = Query.all("order", 20);
    private TenantTable table;

    @Setup
    public void build() {
      Silence.log();
      var client = TenantTables.client(List.of(), (_, _) -> {});
      CannedHttp.answers(client);
      table = TenantTables.of(client, CredentialListener.NONE);
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
    public void build() throws Exception {
      Silence.log();
      doors = new Doors();
      table = TenantTables.telling(doors, CannedHttp::answers);
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
