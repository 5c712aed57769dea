package dev.partywall.tenancy.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.concurrent.Conditions;
import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.http.Handler;
import dev.partywall.http.Request;
import dev.partywall.http.Response;
import dev.partywall.tenancy.admission.FairQueue.Bounds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

class FairConcurrencyLimitTest {
  private QueueFixture fixture = new QueueFixture(1, 100, 100);

  /** Starts a request that waits, and returns it. */
  private FutureTask<Response> queued(String tenant, Request request, Handler next) {
    var before = fixture.queue.queued();
    var response = new FutureTask<>(() -> fixture.filterHere(tenant, request, next));
    Thread.startVirtualThread(response);
    while (fixture.queue.queued() == before) {
      Conditions.pause();
    }
    return response;
  }

  private FutureTask<Response> queued(String tenant) {
    return queued(tenant, QueueFixture.REQUEST, QueueFixture.OK);
  }

  @Test
  void requestsWithoutTenantPass() {
    fixture.filter(
        "acme",
        QueueFixture.REQUEST,
        _ -> {
          assertEquals(1, fixture.queue.inFlight());
          return QueueFixture.call(() ->
              new FairConcurrencyLimit(fixture.queue)
                  .filter(QueueFixture.REQUEST, QueueFixture.OK));
        });
  }

  @Test
  void servesAQueuedRequestWhenAPermitBecomesFree() throws Exception {
    var waiting = new ArrayList<FutureTask<Response>>();
    fixture.filter(
        "acme",
        QueueFixture.REQUEST,
        _ -> {
          waiting.add(queued("globex"));
          assertFalse(waiting.getFirst().isDone());
          return Response.of(200);
        });
    assertEquals(200, waiting.getFirst().get().status());
    assertEquals(0, fixture.queue.inFlight());
    assertEquals(0, fixture.queue.queued());
  }

  @Test
  void releasesThePermitWhenTheHandlerThrows() {
    for (var i = 0; i < 3; i++) {
      assertThrows(
          IllegalStateException.class,
          () -> fixture.filter("acme", QueueFixture.REQUEST, FairConcurrencyLimitTest::bad));
    }
    assertEquals(0, fixture.queue.inFlight());
  }

  private static Response bad(Request request) {
    throw new IllegalStateException();
  }

  @Test
  void servesTheTenantsInTurn() throws Exception {
    var served = new CopyOnWriteArrayList<String>();
    var waiting = new ArrayList<FutureTask<Response>>();
    fixture.filter(
        "flooding",
        QueueFixture.REQUEST,
        _ -> {
          for (var tenant : List.of("flooding", "flooding", "flooding", "quiet", "quiet")) {
            waiting.add(queued(tenant, QueueFixture.REQUEST, _ -> record(tenant, served)));
          }
          fixture.now.addAndGet(5_000_000);
          return Response.of(200);
        });
    for (var response : waiting) {
      assertEquals(200, response.get().status());
    }
    assertEquals(List.of("quiet", "quiet", "flooding", "flooding", "flooding"), served);
  }

  private Response record(String tenant, List<String> served) {
    served.add(tenant);
    fixture.now.addAndGet(2_000_000);
    return Response.of(200);
  }

  @Test
  void rejectsARequestThatWaitsTooLong() {
    fixture.filter(
        "acme",
        QueueFixture.REQUEST,
        _ -> {
          var response = queued("globex");
          while (!response.isDone()) {
            fixture.now.addAndGet(Duration.ofSeconds(3).toNanos());
            fixture.watchdog.check();
          }
          assertAtCapacity(response);
          assertEquals(0, fixture.queue.queued());
          return Response.of(200);
        });
    assertEquals(0, fixture.queue.inFlight());
  }

  private static void assertAtCapacity(FutureTask<Response> response) {
    var failure = assertThrows(Exception.class, response::get).getCause();
    var rejection = assertInstanceOf(ApiException.class, failure);
    assertInstanceOf(ApiError.AtCapacity.class, rejection.error());
  }

  @Test
  void rejectsAQueuedRequestWhenItIsInterrupted() {
    fixture.filter(
        "acme",
        QueueFixture.REQUEST,
        _ -> {
          Thread.currentThread().interrupt();
          QueueFixture.assertRejected(
              () -> fixture.filterHere("acme", QueueFixture.REQUEST, QueueFixture.OK));
          assertTrue(Thread.interrupted(), "the interrupt stays pending for the request timeout");
          assertEquals(0, fixture.queue.queued());
          return Response.of(200);
        });
  }

  @Test
  void limitsTheQueueOfEachTenant() throws Exception {
    fixture = new QueueFixture(1, 100, 2);
    var waiting = new ArrayList<FutureTask<Response>>();
    fixture.filter(
        "flooding",
        QueueFixture.REQUEST,
        _ -> {
          waiting.add(queued("flooding"));
          waiting.add(queued("flooding"));
          fixture.assertRejected("flooding");
          waiting.add(queued("quiet"));
          return Response.of(200);
        });
    for (var response : waiting) {
      assertEquals(200, response.get().status());
    }
  }

  @Test
  void inAFullQueueARequestTakesThePlaceOfTheLast() throws Exception {
    fixture = new QueueFixture(1, 2, 2);
    var waiting = new ArrayList<FutureTask<Response>>();
    fixture.filter(
        "flooding",
        QueueFixture.REQUEST,
        _ -> {
          waiting.add(queued("flooding"));
          var newest = queued("flooding");
          var quiet =
              new FutureTask<>(
                  () -> fixture.filterHere("quiet", QueueFixture.REQUEST, QueueFixture.OK));
          Thread.startVirtualThread(quiet);
          assertAtCapacity(newest);
          while (fixture.queue.queued() < 2) {
            Conditions.pause();
          }
          waiting.add(quiet);
          return Response.of(200);
        });
    for (var response : waiting) {
      assertEquals(200, response.get().status());
    }
  }

  @Test
  void rejectsInvalidBounds() {
    assertThrows(IllegalArgumentException.class, () -> new Bounds(0, 1, 1, 1));
    assertThrows(IllegalArgumentException.class, () -> new Bounds(2, 1, 1, 1));
  }
}
