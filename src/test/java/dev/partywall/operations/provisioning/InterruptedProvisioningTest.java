package dev.partywall.operations.provisioning;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.partywall.local.LocalDynamo;
import dev.partywall.registry.DynamoTenantRegistry;
import dev.partywall.registry.RegistryFixture;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.TenantStatus;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** Ends the owners of provisionings before and after their writes. */
@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class InterruptedProvisioningTest {
  private ProvisioningFixture fixture;

  @BeforeEach
  void start(LocalDynamo dynamo) throws IOException {
    fixture = new ProvisioningFixture(dynamo);
  }

  @AfterEach
  void close() throws IOException {
    fixture.close();
  }

  /** Ends an instance before each of its writes. Between two writes, the stored state is equal. */
  @Test
  void aNewOwnerCompletesEveryInterruptedProvisioning() {
    var limit = new CallLimit(new AtomicInteger());
    try (var registryClient = fixture.registry.proxy.client(List.of(limit));
        var tablesClient = fixture.tables.client(List.of(limit))) {
      var registry =
          new DynamoTenantRegistry(
              registryClient, fixture.registry.prefix, fixture.registry.clock, new SecureRandom());
      var calls = 0;
      while (isInterrupted(calls, limit, registry, tablesClient)) {
        calls++;
      }
      assertEquals(11, calls);
    }
  }

  private boolean isInterrupted(
      int calls, CallLimit limit, DynamoTenantRegistry registry, DynamoDbClient tablesClient) {
    var id = new TenantId("acme-" + calls);
    var tenant = fixture.register(id);
    fixture.tables.forgetBackups();
    var before = changes().size();
    limit.remaining().set(calls);
    var interrupted = false;
    try {
      fixture.owner(registry, id).run(fixture.steps(tablesClient));
    } catch (EndOfProcess _) {
      interrupted = true;
      fixture.owner(id).run(fixture.steps(fixture.tables.client));
    }
    var active = fixture.tenants().find(id).orElseThrow();
    assertEquals(tenant.withStatus(TenantStatus.ACTIVE, RegistryFixture.NOON), active, id::value);
    assertEquals(Optional.empty(), fixture.store.find(id));
    assertEquals(
        List.of("CreateTable", "UpdateTimeToLive", "UpdateContinuousBackups"),
        changes().subList(before, changes().size()));
    return interrupted;
  }

  private List<String> changes() {
    return fixture.tables.proxy.calls().stream()
        .filter(call -> !call.startsWith("Describe") && !call.equals("Query"))
        .toList();
  }

  /** Ends the process at the write after the last one. */
  private record CallLimit(AtomicInteger remaining) implements ExecutionInterceptor {
    @Override
    public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
      if (isWrite(context.request()) && remaining.getAndDecrement() <= 0) {
        throw new EndOfProcess();
      }
    }
  }

  private static boolean isWrite(SdkRequest request) {
    return !request.getClass().getSimpleName().matches("(Describe|Get|Query).*");
  }

  private static final class EndOfProcess extends Error {
    private static final long serialVersionUID = 1L;
  }
}
