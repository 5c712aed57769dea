package dev.partywall.orders;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.partywall.PartywallProcess;
import dev.partywall.http.server.RawClient;
import dev.partywall.json.Json;
import dev.partywall.local.LocalDynamo;
import dev.partywall.runtime.ServiceFixture;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tests the log line of a placed order, with the fields that the kernel adds. */
@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class PlaceOrderLogTest {
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

  @Test
  void logsEachPlacedOrderOnce(LocalDynamo dynamo) throws Exception {
    try (var fixture = new ServiceFixture(dynamo)) {
      var service = new PartywallProcess(fixture.environment());
      String location;
      try (service) {
        var port = service.awaitReady().port();
        var token = fixture.token("acme", "alice");
        location = place(port, token);
        assertEquals(location, place(port, token)); // the same key: a replay
      }
      var lines = service.out().stream().map(PlaceOrderLogTest::json).toList();
      var placed =
          lines.stream()
              .filter(line -> line.path("message").asText().equals("order placed"))
              .toList();
      assertEquals(1, placed.size(), placed::toString);
      assertLine(placed.getFirst(), location.substring("/orders/".length()));
    }
  }

  private static void assertLine(JsonNode line, String id) {
    assertEquals(id, line.path("orderId").textValue());
    assertEquals("INFO", line.path("level").textValue());
    assertEquals("dev.partywall.orders.OrderRoutes", line.path("logger").textValue());
    assertEquals("acme", line.path("tenant").textValue());
    assertEquals("free", line.path("tier").textValue());
    assertEquals("alice", line.path("user").textValue());
    assertEquals(TRACE, line.path("traceId").textValue());
    var fields = new TreeSet<String>();
    line.fieldNames().forEachRemaining(fields::add);
    assertEquals(
        new TreeSet<>(
            Set.of(
                "timestamp",
                "level",
                "logger",
                "message",
                "tenant",
                "tier",
                "user",
                "traceId",
                "spanId",
                "requestId",
                "orderId")),
        fields);
  }

  private static String place(int port, String token) throws IOException {
    var message =
        String.join(
            "\r\n",
            List.of(
                "POST /orders HTTP/1.1",
                "Host: localhost",
                "Authorization: Bearer " + token,
                "traceparent: 00-" + TRACE + "-00f067aa0ba902b7-01",
                "Idempotency-Key: \"one\"",
                "Content-Type: application/json",
                "Content-Length: " + OrdersFixture.BRICKS.length(),
                "",
                OrdersFixture.BRICKS));
    try (var client = new RawClient(port)) {
      var response = client.send(message.getBytes(StandardCharsets.ISO_8859_1)).read();
      assertEquals(201, response.status(), response::text);
      return response.field("Location").orElseThrow();
    }
  }

  private static JsonNode json(String line) {
    return Json.parse(line.getBytes(StandardCharsets.UTF_8));
  }
}
