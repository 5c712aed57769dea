package dev.partywall.orders;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.partywall.http.Body;
import dev.partywall.http.Headers;
import dev.partywall.http.Request;
import dev.partywall.http.RequestTarget;
import dev.partywall.http.Response;
import dev.partywall.local.LocalDynamo;
import dev.partywall.orders.OrderRoutes.PlaceOrder;
import dev.partywall.service.Feature;
import dev.partywall.storage.Ids;
import dev.partywall.storage.Meters;
import dev.partywall.storage.PlacementKind;
import dev.partywall.storage.Query;
import dev.partywall.storage.TableFixture;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class PlaceOrderTest {
  private static final Request REQUEST =
      Request.of(
              "POST",
              RequestTarget.ROOT,
              Headers.NONE.with("Content-Type", "application/json"),
              Body.of(OrdersFixture.BRICKS.getBytes(StandardCharsets.UTF_8)))
          .withSubject("alice");

  private record NoNotes() implements Feature {
    @Override
    public String name() {
      return "order-notes";
    }

    @Override
    public boolean isOn() {
      return false;
    }
  }

  @Test
  void generatesAnotherIdWhenOneIsAlreadyUsed(LocalDynamo dynamo) throws IOException {
    // The same two numbers, and therefore the same id, are drawn three times.
    var draws = new AtomicLong();
    RandomGenerator random = () -> Math.max(0, draws.getAndIncrement() - 5) << 24;
    try (var tables = new TableFixture(dynamo, PlacementKind.POOL)) {
      var place =
          new PlaceOrder(
              new OrderStore(tables.table, tables.clock, new Meters().declare("ordersPlaced")),
              new NoNotes(),
              new Ids(random),
              tables.clock);
      Response first = tables.as(() -> place.handle(REQUEST));
      Response second = tables.as(() -> place.handle(REQUEST));
      assertEquals(201, first.status());
      assertEquals(201, second.status());
      assertEquals(8, draws.get());
      var stored = tables.as(() -> tables.table.query(Query.all("order", 9)));
      assertEquals(2, stored.items().size());
    }
  }
}
