package dev.partywall.operations.transfer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.partywall.error.ApiException;
import dev.partywall.http.Body;
import dev.partywall.http.Headers;
import dev.partywall.http.Match;
import dev.partywall.http.Request;
import dev.partywall.http.RequestTarget;
import dev.partywall.http.Response;
import dev.partywall.http.Route;
import dev.partywall.local.LocalDynamo;
import dev.partywall.operations.lifecycle.OperationRunner;
import dev.partywall.operations.lifecycle.TenantOperations;
import dev.partywall.operations.offboarding.WriteHook;
import dev.partywall.storage.content.ProgressItem;
import dev.partywall.tenancy.Placement;
import dev.partywall.tenancy.TenantContext;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.TestExecution;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/** Interrupts the requests that send a part of an import. */
@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class ReceivePartTest {
  private static final byte[] PART = "abc".getBytes(StandardCharsets.UTF_8);
  private static final String DIGEST = "sha-256=:ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=:";
  private static final int CHUNK = 1;
  private static final int COMPLETION = 2;

  private final ImportFixture fixture;
  private final AtomicInteger writes = new AtomicInteger();
  private TenantId tenant = new TenantId("unset");

  ReceivePartTest(LocalDynamo dynamo) {
    this.fixture = new ImportFixture(dynamo);
  }

  @BeforeEach
  void open() {
    tenant = fixture.register("acme", new Placement.Pool());
    fixture.open(tenant, false, false, true);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void aPartWhoseCompletionHadNoResponseKeepsItsBytes() {
    assertThrows(
        IllegalStateException.class,
        () ->
            send(
                call -> {
                  var result = call.get();
                  if (writes.incrementAndGet() == COMPLETION) {
                    throw new IllegalStateException("the response is lost");
                  }
                  return result;
                },
                new Body.Bytes(PART)));

    assertEquals(200, send(Supplier::get, new Body.Bytes(PART)).status());

    assertArrayEquals(PART, stored());
  }

  @Test
  void aFailureBeforeTheCompletionLeavesNoBytes() {
    assertThrows(
        IllegalStateException.class,
        () ->
            send(
                call -> {
                  var result = call.get();
                  if (writes.incrementAndGet() == CHUNK) {
                    throw new IllegalStateException("the response is lost");
                  }
                  return result;
                },
                new Body.Bytes(PART)));

    assertEquals(List.of(), fixture.items(tenant));
  }

  @Test
  void theBarrierWaitsForAPartThatIsBeingReceived() {
    var acknowledged = new ArrayList<Long>();

    send(
        call -> {
          fixture.requests.applied(7);
          var result = call.get();
          acknowledged.add(fixture.requests.acknowledged());
          return result;
        },
        new Body.Bytes(PART));

    assertEquals(List.of(0L, 0L), acknowledged);
    assertEquals(7, fixture.requests.acknowledged());
  }

  @Test
  void aLatePartDoesNotRemoveTheFenceOfALaterOperation() {
    var progress = new ProgressItem(fixture.client, fixture.locations);

    assertThrows(
        ApiException.class,
        () ->
            send(
                call -> {
                  if (writes.incrementAndGet() == COMPLETION) {
                    progress.fence("later", 1, () -> {});
                  }
                  return call.get();
                },
                new Body.Bytes(PART)));

    var fence = TenantContext.call(fixture.tenant(tenant), progress::find).orElseThrow();
    assertEquals("later", fence.operation());
    assertEquals(1, fixture.items(tenant).size());
  }

  @Test
  void aPartRemovesTheFenceOfAnEarlierOperation() {
    var progress = new ProgressItem(fixture.client, fixture.locations);
    TenantContext.run(fixture.tenant(tenant), () -> progress.fence("earlier", 1, () -> {}));

    assertEquals(200, send(Supplier::get, new Body.Bytes(PART)).status());

    assertArrayEquals(PART, stored());
    assertEquals(2, fixture.items(tenant).size());
  }

  @Test
  void aThrottledChunkIsSentAgainAtTheLowerPace() {
    var response =
        send(
            call -> {
              if (writes.incrementAndGet() <= 8) {
                throw throttled();
              }
              return call.get();
            },
            new Body.Bytes(PART));

    assertEquals(200, response.status());
    assertArrayEquals(PART, stored());
  }

  private static TransactionCanceledException throttled() {
    var reason = CancellationReason.builder().code("ThrottlingError").build();
    return TransactionCanceledException.builder().cancellationReasons(reason).build();
  }

  /** Sends part 1 to an instance whose writes to the tenant's partition pass a hook. */
  private Response send(WriteHook hook, Body body) {
    var context = fixture.context(hook.on(fixture.client));
    var runner =
        new OperationRunner(
            fixture.operations,
            fixture.registry,
            List.of(),
            TestExecution::create,
            () -> "lease",
            System::nanoTime);
    var operations = new TenantOperations(fixture.operations, runner);
    var handler = new ReceivePart(fixture.registry, operations, context);
    var route = Route.open("PUT", "/parts", handler);
    var headers = Headers.of(List.of(new Headers.Field("Content-Digest", DIGEST)));
    var request =
        Request.of("PUT", RequestTarget.ROOT, headers, body)
            .with(new Match.Found(route, Map.of("id", "acme", "number", "1")));
    return TestExecution.create().call(() -> handler.handle(request));
  }

  private byte[] stored() {
    return TenantContext.call(
        fixture.tenant(tenant),
        () -> {
          var parts = fixture.context(fixture.client).parts();
          var operation = fixture.operations.find(tenant).orElseThrow();
          return parts.chunk(parts.find(operation.id(), 1).orElseThrow(), 0);
        });
  }
}
