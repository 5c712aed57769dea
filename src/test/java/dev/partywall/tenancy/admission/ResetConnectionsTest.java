package dev.partywall.tenancy.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.concurrent.Conditions;
import dev.partywall.concurrent.Latches;
import dev.partywall.http.Filter;
import dev.partywall.http.Response;
import dev.partywall.http.server.JdkServer;
import dev.partywall.http.server.ListenerLimits;
import dev.partywall.http.server.RawClient;
import dev.partywall.tenancy.Execution;
import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.TestExecution;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The delay of rejections whose clients reset their connections. */
@Timeout(60)
class ResetConnectionsTest {
  private final RejectionPaceFixture fixture = new RejectionPaceFixture();

  /** Rejects two requests, as many as the rate permits. The first one cannot be sent. */
  private void reset() {
    var lost = fixture.pace.filter(QueueFixture.REQUEST, _ -> Response.of(429));
    lost.listeners().forEach(l -> l.accept(new Response.SendResult(0, Duration.ZERO, false)));
    fixture.respond(429);
  }

  private static void countLost(Response.SendResult sent, CountDownLatch isLost) {
    if (!sent.complete()) {
      isLost.countDown();
    }
  }

  private Response rejected() {
    return fixture.pace.filter(QueueFixture.REQUEST, _ -> Response.of(429));
  }

  private Response rejectedFor(Execution execution, String tenant) {
    return fixture.pace.filter(
        QueueFixture.REQUEST,
        _ -> execution.callForTenant(new Tenant(new TenantId(tenant)), () -> Response.of(429)));
  }

  @Test
  void aRejectionWaitsBeforeItIsSentIfNoClientHasResetItsConnection() throws Exception {
    fixture.respond(429);
    var second = rejected();
    second.listeners().forEach(l -> l.accept(new Response.SendResult(9, Duration.ZERO, true)));
    var third = fixture.delayed(this::rejected);
    fixture.pass(Duration.ofMillis(500));
    assertTrue(third.get().pause().isEmpty());
  }

  @Test
  void afterAResetARejectionTakesNoTurnBeforeItsHeaderFieldsAreSent() throws Exception {
    reset();
    for (var i = 0; i < 100; i++) {
      assertTrue(rejected().pause().isPresent());
    }
    var sent = fixture.delayed(429);

    fixture.pass(Duration.ofMillis(500));

    sent.get();
  }

  @Test
  void tenSecondsAfterTheLastResetARejectionWaitsBeforeItIsSent() throws Exception {
    reset();
    fixture.pass(Duration.ofMillis(9_999));
    fixture.respond(429);
    fixture.respond(429);
    assertTrue(rejected().pause().isPresent());
    fixture.pass(Duration.ofMillis(1));
    var delayed = fixture.delayed(this::rejected);
    fixture.pass(Duration.ofMillis(500));
    assertTrue(delayed.get().pause().isEmpty());
  }

  @Test
  void theResetsOfATenantDoNotAffectOthers() throws Exception {
    reset();
    var execution = TestExecution.create();
    var acme = fixture.delayed(() -> execution.call(() -> rejectedFor(execution, "acme")));
    fixture.pass(Duration.ofMillis(500));
    assertTrue(acme.get().pause().isEmpty());
  }

  @Test
  void aPauseThatBeginsAfterTheCloseEndsAtOnce() {
    reset();
    var response = rejected();

    fixture.pace.close();

    assertEquals(429, RejectionPaceFixture.send(response).status());
  }

  /** Outside the pace is a filter that changes responses, as in the service. */
  @Test
  void aConnectionThatWasResetIsFreeWithoutADelay() throws Exception {
    var entered = new CountDownLatch(1);
    var isReset = new CountDownLatch(1);
    var isLost = new CountDownLatch(1); // the listener of the pace is called before this one
    Filter outer = (request, next) -> next.handle(request).onSent(sent -> countLost(sent, isLost));
    var chain =
        Filter.chain(
            List.of(outer, fixture.pace),
            _ -> {
              entered.countDown();
              Latches.await(isReset);
              return Response.json(429, "{}");
            });
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try (var server = JdkServer.start(address, chain, ListenerLimits.DEFAULT);
        var first = new RawClient(server.port());
        var second = new RawClient(server.port());
        var third = new RawClient(server.port())) {
      first.get("/");
      entered.await();
      first.reset();
      isReset.countDown();
      isLost.await();
      assertEquals("{}", second.get("/").read().text()); // the second of two per second

      assertEquals(429, third.get("/").readHead().status());
      Conditions.await(() -> fixture.pace.waiting() == 1, "the body is not delayed");
      assertFalse(third.hasInput());
      fixture.pass(Duration.ofMillis(500));
      assertEquals("{}", third.readText(2));
      assertEquals(0, fixture.pace.waiting());
    }
  }
}
