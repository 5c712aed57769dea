package dev.partywall.registry;

import static dev.partywall.registry.RegistryFixture.ACME;
import static dev.partywall.registry.RegistryFixture.GLOBEX;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.partywall.error.ApiException;
import dev.partywall.local.LocalDynamo;
import dev.partywall.storage.FaultInjectingClient;
import dev.partywall.tenancy.TenantId;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class InstancesTest {
  private final Map<TenantId, Long> firstLimited = new HashMap<>();
  private final Map<TenantId, Long> secondLimited = new HashMap<>();
  private final Map<TenantId, Long> firstRequests = new HashMap<>();
  private final Map<TenantId, Long> secondRequests = new HashMap<>();
  private RegistryFixture fixture;
  private Instances first;
  private Instances second;

  @BeforeEach
  void open(LocalDynamo dynamo) throws IOException {
    fixture = new RegistryFixture(dynamo);
    first = instance(firstLimited, firstRequests);
    second = instance(secondLimited, secondRequests);
  }

  @AfterEach
  void close() throws IOException {
    fixture.close();
  }

  private Instances instance(Map<TenantId, Long> limited, Map<TenantId, Long> requests) {
    return new Instances(fixture.client, fixture.prefix, UUID::randomUUID, fixture.nanoClock::get)
        .publish(() -> 3, () -> Map.copyOf(limited), id -> requests.getOrDefault(id, 0L));
  }

  private void exchangeBoth() {
    first.exchange();
    second.exchange();
    first.exchange();
  }

  private void advance(Duration duration) {
    fixture.nanoClock.addAndGet(duration.toNanos());
  }

  @Test
  void anInstanceThatWritesIsLive() {
    assertEquals(1, first.live());
    exchangeBoth();
    assertEquals(2, first.live());
    assertEquals(2, second.live());
  }

  @Test
  void anInstanceIsLiveFor10SecondsAfterItsLastWrite() {
    exchangeBoth();
    advance(Duration.ofSeconds(10));
    first.exchange();
    assertEquals(2, first.live());
    advance(Duration.ofNanos(1));
    first.exchange();
    assertEquals(1, first.live());
    second.exchange();
    first.exchange();
    assertEquals(2, first.live());
  }

  @Test
  void anInstanceThatEndsIsNotLive() {
    exchangeBoth();
    second.close();
    first.exchange();
    assertEquals(1, first.live());
    assertEquals(1, fixture.items(".instances").size());
  }

  @Test
  void anItemContainsTheAppliedChangeAndANewNonce() {
    first.register();
    var item = fixture.items(".instances").getFirst();
    assertEquals(AttributeValue.fromN("3"), item.get("s"));
    first.exchange();
    var next = fixture.items(".instances").getFirst();
    assertEquals(item.get("sk"), next.get("sk"));
    assertEquals(2, List.of(item, next).stream().map(each -> each.get("n")).distinct().count());
  }

  @Test
  void registersOnce() {
    first.register();
    first.register();
    assertEquals(1, fixture.proxy.requests().stream().filter("PutItem"::equals).count());
    assertEquals(1, fixture.items(".instances").size());
  }

  @Test
  void registersAgainAfterAFailure() {
    fixture.proxy.handleWith(FaultInjectingClient.DISCONNECT);
    assertThrows(ApiException.class, first::register);
    fixture.proxy.handleWith(FaultInjectingClient.FORWARD);
    first.register();
    assertEquals(1, fixture.items(".instances").size());
  }

  @Test
  void anOutageDoesNotChangeTheView() {
    secondLimited.put(ACME, 30L);
    exchangeBoth();
    fixture.proxy.handleWith(FaultInjectingClient.DISCONNECT);
    advance(Duration.ofMinutes(1));
    assertThrows(ApiException.class, first::exchange);
    assertEquals(2, first.live());
    assertEquals(0.25, first.share(ACME, _ -> 10));
  }

  @Test
  void addsTheRequestsOfALimitedTenantOnLiveInstances() {
    firstLimited.put(ACME, 10L);
    secondLimited.put(ACME, 30L);
    secondLimited.put(GLOBEX, 5L);
    exchangeBoth();
    assertEquals(0.25, first.share(ACME, _ -> 10));
    assertEquals(0.5, first.share(GLOBEX, _ -> 5));
    advance(Duration.ofSeconds(11));
    first.exchange();
    assertEquals(1, first.share(ACME, _ -> 10));
    assertEquals(1, first.share(GLOBEX, _ -> 5));
  }

  @Test
  void dividesTheRateOfALimitedTenantByItsRequests() {
    secondLimited.put(ACME, 30L);
    exchangeBoth();
    assertEquals(0.4, first.share(ACME, _ -> 20), 1e-9);
    assertEquals(0.25, first.share(ACME, _ -> 0)); // at least 1 / (2 * 2)
    assertEquals(1, first.share(GLOBEX, _ -> 0));
    assertEquals(1, second.share(ACME, _ -> 30)); // the first has no requests of it
    secondLimited.put(ACME, 0L);
    exchangeBoth();
    assertEquals(0.25, first.share(ACME, _ -> 0));
  }

  @Test
  void theInstanceThatLimitsATenantSharesTheRateWithThoseThatOnlyServeIt() {
    firstRequests.put(ACME, 10L);
    secondRequests.put(ACME, 30L);
    secondLimited.put(ACME, 30L);
    second.exchange();
    first.exchange(); // writes its requests in the exchange that finds the tenant limited
    second.exchange();
    assertEquals(0.25, first.share(ACME, _ -> 10));
    assertEquals(0.75, second.share(ACME, _ -> 30));
    firstLimited.put(ACME, 10L); // counts once when both limit it
    exchangeBoth();
    second.exchange();
    assertEquals(0.25, first.share(ACME, _ -> 10));
    assertEquals(0.75, second.share(ACME, _ -> 30));
  }

  @Test
  void theRateIsWholeAgainWhenNoInstanceLimitsTheTenant() {
    firstRequests.put(ACME, 10L);
    secondRequests.put(ACME, 30L);
    secondLimited.put(ACME, 30L);
    exchangeBoth();
    second.exchange();
    secondLimited.clear();
    second.exchange(); // the item of the first contains the tenant
    assertEquals(1, second.share(ACME, _ -> 30));
    first.exchange();
    assertEquals(1, first.share(ACME, _ -> 10));
    for (var item : fixture.items(".instances")) {
      assertEquals(Map.of(), Objects.requireNonNull(item.get("oth")).m());
    }
  }

  @Test
  void writesItsItemWhenThoseOfOthersCannotBeRead() {
    fixture.proxy.handleOperationWith("Query", FaultInjectingClient.DISCONNECT);
    assertThrows(ApiException.class, first::exchange);
    fixture.proxy.handleOperationWith("Query", FaultInjectingClient.FORWARD);
    second.exchange();
    assertEquals(2, second.live());
  }

  @Test
  void publishesThe100LimitedTenantsWithTheMostRequests() {
    IntStream.rangeClosed(1, 101).forEach(i -> secondLimited.put(new TenantId("t" + i), (long) i));
    exchangeBoth();
    var shares = IntStream.rangeClosed(1, 101).mapToObj(i -> new TenantId("t" + i));
    assertEquals(100, shares.filter(tenant -> first.share(tenant, _ -> 0) < 1).count());
    assertEquals(1, first.share(new TenantId("t1"), _ -> 0));
  }

  @Test
  void deletesTheItemOfAnInstanceThatWasUnchangedFor24Hours() {
    exchangeBoth();
    advance(Duration.ofHours(24));
    first.exchange();
    assertEquals(2, fixture.items(".instances").size());
    advance(Duration.ofNanos(1));
    first.exchange();
    assertEquals(1, fixture.items(".instances").size());
    second.exchange();
    first.exchange();
    assertEquals(2, first.live());
  }

  @Test
  void doesNotDeleteTheItemOfAnInstanceThatContinuesMeanwhile() {
    exchangeBoth();
    advance(Duration.ofDays(2));
    fixture.proxy.handleOperationWith(
        "DeleteItem",
        upstream -> {
          second.exchange();
          return Optional.of(upstream.send());
        });
    first.exchange();
    assertEquals(2, fixture.items(".instances").size());
  }

  @Test
  void startsWithoutAnAnswerOfTheRegistryAndWritesByItself() throws Exception {
    var isStarted = new CountDownLatch(1);
    var isWritten = new CountDownLatch(1);
    fixture.proxy.handleOperationWith(
        "PutItem",
        upstream -> {
          awaitUnchecked(isStarted);
          var reply = upstream.send();
          isWritten.countDown();
          return Optional.of(reply);
        });
    second.start();
    isStarted.countDown();
    isWritten.await();
    fixture.proxy.handleWith(FaultInjectingClient.DISCONNECT);
    second.close(); // the outage does not fail the shutdown
    fixture.proxy.handleWith(FaultInjectingClient.FORWARD);
    assertEquals(1, fixture.items(".instances").size());
  }

  private static void awaitUnchecked(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }
}
