package dev.partywall.orders.local;

import dev.partywall.local.LocalService;
import dev.partywall.local.LocalStack;
import dev.partywall.local.SampleData;
import dev.partywall.metering.Metering;
import dev.partywall.metering.ledger.Ledger;
import dev.partywall.metering.meter.ServiceMeters;
import dev.partywall.observability.trace.TraceIds;
import dev.partywall.tenancy.TenantLocations;
import dev.partywall.tenancy.Tiers;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;

/** The local stack of the orders service, with sample orders of acme, globex and initech. */
public final class LocalOrders implements SampleData {
  /** The name of the service. */
  static final String NAME = "orders";

  /**
   * Runs until the process is stopped.
   *
   * @param args the folder with the jar, and optionally {@code stop-with-parent}
   */
  public static void main(String[] args) throws Exception {
    // The service runs in another process. Here, the orders code only creates the sample orders.
    System.setProperty("org.slf4j.simpleLogger.log.dev.partywall.orders", "warn");
    var service = LocalService.ofJar(NAME, Path.of(args[0]), "partywall.jar");
    LocalStack.run(args, service, new LocalOrders());
  }

  @Override
  public void create(LocalTables tables) throws Exception {
    var clock = InstantSource.system();
    var ledger =
        new Ledger(
            tables.engine(),
            tables.prefix(),
            new ServiceMeters(List.of()),
            clock,
            new SecureRandom());
    var traceIds = TraceIds.ofThreadLocalRandom();
    var sources =
        new Metering.Sources(
            clock,
            System::nanoTime,
            UUID::randomUUID,
            traceIds::newExecution,
            tenant -> Tiers.BUILT_IN.of(tenant).name());
    // Counts the sample orders in the usage ledger.
    try (var metering = Metering.open(tables.folder().resolve("sample-journal"), ledger, sources)) {
      OrderSeeder.placeOrders(
          tables.engine(),
          new TenantLocations(tables.prefix() + tables.service()),
          metering.countedWriteListener(),
          clock.instant());
    }
  }

  @Override
  public String commands(String issuer, String url) {
    return """
      curl -s -H "Authorization: Bearer $TOKEN" "%2$s/orders?limit=2"
      curl -s -H "Authorization: Bearer $TOKEN" -H "Content-Type: application/json" -i \\
        -d '{"currency":"EUR","items":[{"sku":"A-1","name":"Brick","quantity":2,"unitPrice":990}]}' \\
        %2$s/orders

    The neighbour globex requests acme's order, and gets 404 as for an order that does not exist:

      ID=$(curl -s -H "Authorization: Bearer $TOKEN" "%2$s/orders?limit=1" | sed 's/.*"id":"\\([^"]*\\)".*/\\1/')
      NEIGHBOUR=$(curl -s "%1$s/token?tenant=globex&user=mallory&scope=orders:read")
      curl -s -i -H "Authorization: Bearer $NEIGHBOUR" "%2$s/orders/$ID"

    The tenants acme, globex and initech have orders. Today's usage of acme:

    """
        .formatted(issuer, url);
  }
}
