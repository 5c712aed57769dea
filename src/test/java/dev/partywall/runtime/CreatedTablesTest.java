package dev.partywall.runtime;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.http.server.RawClient;
import dev.partywall.local.LocalDynamo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tests the start of a service without tables. */
@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class CreatedTablesTest {
  private final InProcessService services;
  private final LocalDynamo dynamo;

  CreatedTablesTest(LocalDynamo dynamo) throws IOException {
    this.dynamo = dynamo;
    services = new InProcessService(dynamo);
  }

  @AfterEach
  void close() {
    services.close();
  }

  @Test
  void createsMissingTables() throws Exception {
    var service =
        services.start(
            Map.of(
                "PARTYWALL_TABLE_PREFIX",
                services.fixture.prefix + "new-",
                "PARTYWALL_CREATE_TABLES",
                "true",
                "AWS_ENDPOINT_URL_DYNAMODB",
                dynamo.endpoint().toString()));
    assertTrue(InProcessService.awaitReady(service).drain());
    try (var engine = dynamo.client()) {
      var tables = engine.listTablesPaginator().tableNames().stream().toList();
      for (var name : List.of("orders", "usage", "tenants")) {
        assertTrue(tables.contains(services.fixture.prefix + "new-" + name), tables::toString);
      }
    }
  }

  /** The role of the service in the template cannot create tables. */
  @Test
  void readinessNamesTheReasonWhyTablesAreNotCreated() throws Exception {
    var table = services.fixture.prefix + "usage";
    try (var engine = dynamo.client()) {
      engine.deleteTable(request -> request.tableName(table));
    }
    var service = services.start(Map.of("PARTYWALL_CREATE_TABLES", "true"));
    try {
      var expected =
          "\"problem\":\"table %s is missing; Periodic task provisioning failed: ".formatted(table);
      while (!readiness(service).contains(expected)) {
        Thread.sleep(20);
      }
    } finally {
      service.drain();
    }
  }

  private static String readiness(Service service) throws IOException {
    try (var client = new RawClient(service.managementPort())) {
      var head = "GET /health/ready HTTP/1.1\r\nHost: localhost\r\n\r\n";
      return client.send(head.getBytes(StandardCharsets.ISO_8859_1)).read().text();
    }
  }
}
