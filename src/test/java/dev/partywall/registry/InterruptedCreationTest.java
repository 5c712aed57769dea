package dev.partywall.registry;

import static dev.partywall.registry.RegistryFixture.ACME;
import static dev.partywall.registry.RegistryFixture.tenant;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.partywall.error.ApiException;
import dev.partywall.local.LocalDynamo;
import dev.partywall.storage.FaultInjectingClient;
import dev.partywall.storage.FaultInjectingClient.CallHandler;
import dev.partywall.tenancy.registry.TenantRegistry.Creation;
import dev.partywall.tenancy.registry.TenantRegistry.RequestKey;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests registrations that end at each call to DynamoDB, like those of a killed service. */
@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class InterruptedCreationTest {
  private static final Optional<RequestKey> KEY = Optional.of(new RequestKey("olga k-1", "aa"));

  @ParameterizedTest
  @CsvSource({
    // call: the sequence is read, the transaction is sent
    "0, false, false",
    "0, true,  false",
    "1, false, false",
    "1, true,  true",
  })
  void anInterruptedRegistrationIsCompleteOrAbsentAndCanBeRepeated(
      int lastCall, boolean performed, boolean complete, LocalDynamo dynamo) throws IOException {
    try (var fixture = new RegistryFixture(dynamo)) {
      fixture.proxy.handleWith(
          endingAt(
              lastCall,
              performed ? FaultInjectingClient.LOSE_REPLY : FaultInjectingClient.DISCONNECT));
      assertThrows(ApiException.class, () -> fixture.registry.create(tenant(ACME), KEY));
      fixture.proxy.handleWith(FaultInjectingClient.FORWARD);
      var restarted =
          new DynamoTenantRegistry(
              fixture.client, fixture.prefix, fixture.clock, new SecureRandom());
      var stored = complete ? Optional.of(tenant(ACME)) : Optional.empty();
      assertEquals(stored, restarted.find(ACME));
      var items = Stream.of(".tenants", ".changes", ".sequence").map(fixture::items);
      assertEquals(complete ? List.of(1, 1, 1) : List.of(0, 0, 0), items.map(List::size).toList());
      assertEquals(
          complete ? new Creation.Repeated(tenant(ACME)) : new Creation.Created(),
          restarted.create(tenant(ACME), KEY));
      assertEquals(Optional.of(tenant(ACME)), restarted.find(ACME));
      assertEquals(1, restarted.changeLog().sequence());
      assertEquals(new Creation.Repeated(tenant(ACME)), restarted.create(tenant(ACME), KEY));
    }
  }

  /** Forwards the calls before the last one, and performs none after it. */
  private static CallHandler endingAt(int lastCall, CallHandler last) {
    var calls = new AtomicInteger();
    return upstream -> {
      var call = calls.getAndIncrement();
      var handler =
          call < lastCall ? FaultInjectingClient.FORWARD : FaultInjectingClient.DISCONNECT;
      return (call == lastCall ? last : handler).handle(upstream);
    };
  }
}
