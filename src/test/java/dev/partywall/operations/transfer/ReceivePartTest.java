package dev.partywall.operations.transfer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.error.ApiError;
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
import java.time.Instant;
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
  private static final Instant EXPIRY = Instant.parse("2030-01-01T00:00:00Z");
  private static final byte[] PART = "abc".getBytes(StandardCharsets.UTF_8);
  private static final String DIGEST = "sha-256=:ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=:";
  private static final byte[] OTHER = "xyz".getBytes(StandardCharsets.UTF_8);
  private static final String OTHER_DIGEST =
      "sha-256=:Ngi8oeROpsTSaOttsCJgJpiSwLQrhrvx53pvoWw8koI=:";
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
                    progress.fence("later", 1, () -> {}, EXPIRY);
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
    TenantContext.run(fixture.tenant(tenant), () -> progress.fence("earlier", 1, () -> {}, EXPIRY));

    assertEquals(200, send(Supplier::get, new Body.Bytes(PART)).status());

    assertArrayEquals(PART, stored());
    assertEquals(2, fixture.items(tenant).size());
  }

  @Test
  void aThrottledChunkIsSentAgainAtTheLowerPace() {
    var response =
        send(
            call -> {
              if (writes.incrementAndGet() <= 7) {
                throw throttled();
              }
              return call.get();
            },
            new Body.Bytes(PART));

    assertEquals(200, response.status());
    assertArrayEquals(PART, stored());
  }

  @Test
  void aPartOfACancelledImportDoesNotReplaceThatOfTheNextOne() {
    var rejected =
        assertThrows(
            ApiException.class,
            () ->
                send(
                    call -> {
                      if (writes.incrementAndGet() == COMPLETION) {
                        cancel();
                        fixture.open(tenant, false, false, true);
                        assertEquals(200, send(Supplier::get, new Body.Bytes(PART)).status());
                      }
                      return call.get();
                    },
                    new Body.Bytes(OTHER),
                    OTHER_DIGEST));

    assertEquals(
        new ApiError.Conflict("import-not-open", "No import of the tenant is open."),
        rejected.error());
    assertArrayEquals(PART, stored());
    assertEquals(2, fixture.items(tenant).size());
  }

  @Test
  void aPartThatIsAcceptedAfterACancellationIsDeleted() {
    assertThrows(
        ApiException.class,
        () ->
            send(
                call -> {
                  if (writes.incrementAndGet() == COMPLETION) {
                    cancel();
                  }
                  return call.get();
                },
                new Body.Bytes(PART)));

    assertEquals(List.of(), fixture.items(tenant));
  }

  private void cancel() {
    var open = fixture.operations.find(tenant).orElseThrow();
    var steps = new ImportSteps(fixture.context(fixture.client));
    var record = fixture.registry.find(tenant).orElseThrow();
    assertTrue(fixture.operations.update(open, steps.cancelled(open, record)));
    fixture.takeOver(tenant).finish();
  }

  private static TransactionCanceledException throttled() {
    var reason = CancellationReason.builder().code("ThrottlingError").build();
    return TransactionCanceledException.builder().cancellationReasons(reason).build();
  }

  /** Sends part 1 to an instance whose writes to the tenant's partition pass a hook. */
  private Response send(WriteHook hook, Body body) {
    return send(hook, body, DIGEST);
  }

  private Response send(WriteHook hook, Body body, String digest) {
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
    var headers = Headers.of(List.of(new Headers.Field("Content-Digest", digest)));
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
