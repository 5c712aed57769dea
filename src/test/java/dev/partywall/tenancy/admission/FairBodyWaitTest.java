package dev.partywall.tenancy.admission;

import static dev.partywall.concurrent.Latches.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.fail;

import dev.partywall.concurrent.Conditions;
import dev.partywall.http.Body;
import dev.partywall.http.Handler;
import dev.partywall.http.Response;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

class FairBodyWaitTest {
  private static final Handler READ = request -> Response.json(200, request.body().bytes());

  private final QueueFixture fixture = new QueueFixture(1, 100, 100);

  @Test
  void givesThePermitBackWhileWaitingForTheBody() {
    var body =
        new DelayedBody(() -> {
          assertEquals(0, fixture.queue.inFlight());
          assertEquals(200, fixture.filter("acme", QueueFixture.REQUEST, QueueFixture.OK).status());
        });
    var response =
        fixture.filter(
            "acme",
            QueueFixture.REQUEST.with(body),
            request -> {
              assertEquals(5, request.body().bytes().length);
              assertEquals(1, fixture.queue.inFlight());
              return Response.of(200);
            });
    assertEquals(200, response.status());
    assertEquals(0, fixture.queue.inFlight());
  }

  @Test
  void aRequestWaitsForAPermitAgainAfterItsBody() throws Exception {
    var arrived = new CountDownLatch(1);
    var reading = new CountDownLatch(1);
    var body =
        new DelayedBody(() -> {
          reading.countDown();
          await(arrived);
        });
    var late = QueueFixture.REQUEST.with(body);
    var response = new FutureTask<>(() -> fixture.filterHere("acme", late, READ));
    Thread.startVirtualThread(response);
    reading.await();
    fixture.filter(
        "globex",
        QueueFixture.REQUEST,
        _ -> {
          arrived.countDown();
          Conditions.await(() -> fixture.queue.queued() > 0, "the request is not in the queue");
          assertFalse(response.isDone());
          return Response.of(200);
        });
    assertEquals(200, response.get().status());
    assertEquals(0, fixture.queue.inFlight());
  }

  @Test
  void readsBufferedBodiesWithThePermit() {
    var buffered = QueueFixture.REQUEST.with(Body.of(new byte[5]));
    fixture.filter(
        "acme",
        buffered,
        request -> {
          assertEquals(5, request.body().bytes().length);
          assertEquals(1, fixture.queue.inFlight());
          return Response.of(200);
        });
  }

  @Test
  void releasesEverythingWhenReadingTheBodyFails() {
    for (var i = 0; i < 10; i++) {
      var cut =
          new DelayedBody(() -> {
            throw new IllegalStateException();
          });
      assertThrows(
          IllegalStateException.class,
          () -> fixture.filter("acme", QueueFixture.REQUEST.with(cut), READ));
    }
    assertEquals(0, fixture.queue.inFlight());
    assertEquals(
        200,
        fixture
            .filter("acme", QueueFixture.REQUEST.with(new DelayedBody(() -> {})), READ)
            .status());
  }

  /** A body that is still arriving. Reading it runs {@code meanwhile} first. */
  private record DelayedBody(Runnable meanwhile) implements Body {
    @Override
    public boolean isBuffered() {
      return false;
    }

    @Override
    public byte[] bytes() {
      meanwhile.run();
      return new byte[5];
    }

    @Override
    public void parsedAsJson() {
      fail("the body is not JSON");
    }
  }
}
