package dev.partywall.runtime;

import static dev.partywall.concurrent.Conditions.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.partywall.http.server.RawClient;
import dev.partywall.json.Json;
import dev.partywall.local.LocalDynamo;
import dev.partywall.orders.OrderRoutes;
import dev.partywall.registry.DynamoTenantRegistry;
import dev.partywall.storage.TestPlacements;
import dev.partywall.tenancy.OperationKind;
import dev.partywall.tenancy.Placement;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.TenantStatus;
import dev.partywall.tenancy.registry.Operation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A tenant in a silo whose table no instance can create. */
@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class MissingProvisionerTest {
  @Test
  void aProvisioningThatNoInstanceCanExecuteShowsTheReason(LocalDynamo dynamo) throws Exception {
    try (var services = new ServicesWithOperators(dynamo)) {
      register(dynamo, services.fixture.prefix);
      var variables = services.environment();
      variables.remove("PARTYWALL_PROVISIONER_ROLE_ARN");
      var declarations = ServiceFixture.declare(List.of(OrderRoutes::of));
      var service = Service.start(Settings.from(variables, declarations), declarations);
      try {
        InProcessService.awaitReady(service);
        await(() -> operation(service, services).has("reason"), "the operation has no reason");
        var operation = operation(service, services);
        assertEquals(
            "The table of a silo requires PARTYWALL_PROVISIONER_ROLE_ARN.",
            operation.path("reason").textValue());
        assertTrue(operation.path("degraded").booleanValue());
      } finally {
        service.drain();
      }
    }
  }

  private static void register(LocalDynamo dynamo, String prefix) {
    var tenant =
        TestPlacements.registration(new TenantId("acme"), new Placement.Silo())
            .withStatus(TenantStatus.PROVISIONING, Instant.now());
    var operation =
        Operation.begun(
            tenant, OperationKind.PROVISIONING, "first", "creating-table", "olga", Instant.now());
    try (var client = dynamo.client()) {
      var registry =
          new DynamoTenantRegistry(client, prefix, InstantSource.system(), new SecureRandom());
      registry.create(tenant, Optional.empty(), Optional.of(operation));
    }
  }

  private static JsonNode operation(Service service, ServicesWithOperators services) {
    try (var client = new RawClient(service.port())) {
      var response =
          ServicesWithOperators.send(client, "GET", "/tenants/acme", services.operator(), "");
      return Json.parseStored(response.text()).path("operation");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
