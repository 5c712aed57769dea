package dev.partywall.tenancy.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.admission.FairOrder.Share;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class FairOrderTest {
  private static final int LIMIT = 100;

  private final FairOrder<String> order = new FairOrder<>();
  private final Map<String, Share<String>> byRequest = new HashMap<>();

  private Share<String> activate(String tenant, int weight) {
    return order.activate(new TenantId(tenant), weight, 10);
  }

  private void enqueue(String tenant, int weight, String... requests) {
    for (var request : requests) {
      var share = activate(tenant, weight);
      order.enqueue(share, request);
      byRequest.put(request, share);
    }
  }

  private Share<String> share(String request) {
    return Objects.requireNonNull(byRequest.get(request));
  }

  /** Serves the next request, which takes this time. */
  private String serve(double expected, double actual) {
    var request = Objects.requireNonNull(order.next(LIMIT));
    var share = share(request);
    order.remove(share, request);
    order.start(share, expected);
    order.end(share, actual - expected);
    order.settle(share);
    return request;
  }

  private String serve(int requests) {
    var served = new StringBuilder();
    for (var i = 0; i < requests; i++) {
      served.append(serve(10, 10));
    }
    return served.toString();
  }

  @Test
  void alternatesBetweenTenantsHoweverManyRequestsEachHas() {
    enqueue("a", 1, "1", "2", "3", "4", "5", "6");
    enqueue("b", 1, "x", "y");
    assertEquals("1x2y3456", serve(8));
    assertEquals(0, order.queued());
  }

  @Test
  void aTenantGetsBusyTimeInProportionToItsWeight() {
    enqueue("a", 1, "1", "2", "3");
    enqueue("b", 4, "s", "t", "u", "v", "w", "x", "y", "z");
    assertEquals("1stuv2wxyz3", serve(11));
  }

  @Test
  void aTenantWithLongRequestsGetsFewer() {
    enqueue("a", 1, "1", "2", "3");
    enqueue("b", 1, "s", "t", "u", "v", "w", "x", "y", "z");
    assertEquals("1", serve(10, 50), "its duration is not known yet");
    assertEquals("stuvw", serve(5));
    assertEquals("2", serve(50, 50));
    assertEquals("xyz", serve(3));
  }

  @Test
  void correctsTheChargeAtTheEndOfARequest() {
    enqueue("a", 1, "1", "2", "3");
    enqueue("b", 1, "x", "y", "z");
    assertEquals("1", serve(100, 5));
    assertEquals("x", serve(10, 10));
    assertEquals("2", serve(100, 100));
    assertEquals("yz3", serve(3));
  }

  @Test
  void chargesRequestsInFlightWithTheirExpectedTime() {
    enqueue("a", 1, "1", "2", "3");
    enqueue("b", 1, "x", "y", "z");
    var served = new StringBuilder();
    while (order.queued() > 0) {
      var request = Objects.requireNonNull(order.next(LIMIT));
      order.remove(share(request), request);
      order.start(share(request), request.equals("1") ? 20 : 10);
      served.append(request);
    }
    assertEquals("1xy2z3", served.toString());
  }

  @Test
  void aTenantGainsNothingFromHavingBeenIdle() {
    enqueue("a", 1, "1", "2", "3", "4", "5", "6", "7");
    assertEquals("1234", serve(4));
    enqueue("b", 1, "w", "x", "y", "z");
    assertEquals("w5x6y7z", serve(7));
  }

  @Test
  void aTenantGainsNothingFromATimeWithoutWaitingRequests() {
    enqueue("a", 1, "1");
    order.remove(share("1"), "1");
    order.start(share("1"), 10); // and does not end
    enqueue("b", 1, "s", "t", "u", "v", "w", "x", "y", "z");
    assertEquals("stuvw", serve(5));
    enqueue("a", 1, "2", "3", "4");
    assertEquals("23x4yz", serve(6));
  }

  @Test
  void aTenantGainsNothingFromBecomingIdle() {
    enqueue("a", 1, "1", "2", "3");
    enqueue("b", 1, "x");
    assertEquals("1", serve(10, 10));
    assertEquals("x", serve(10, 35));
    enqueue("b", 1, "y");
    assertEquals("23", serve(2));
    enqueue("a", 1, "4");
    assertEquals("4y", serve(2));
  }

  @Test
  void theLastRequestIsTheNewestOfTheTenantThatWouldWaitLongest() {
    enqueue("a", 1, "1", "2", "3");
    enqueue("b", 1, "x", "y");
    serve(1);
    assertEquals("3", order.last());
    assertTrue(order.isBeforeLast(activate("b", 1)));
    assertFalse(order.isBeforeLast(activate("a", 1)));
    assertEquals(4, order.queued());
  }

  @Test
  void removesARequestThatHasEnded() {
    enqueue("a", 1, "1", "2", "3");
    order.remove(share("1"), "1");
    order.remove(share("1"), "1");
    assertEquals(2, order.queued());
    assertEquals("23", serve(2));
  }

  @Test
  void forgetsTenantsThatAreIdle() {
    for (var i = 0; i < 10; i++) {
      enqueue("tenant-" + i, 1, "r" + i);
    }
    var first = share("r0");
    serve(10);
    assertFalse(first == activate("tenant-0", 1));
  }

  private boolean mayStart(Share<String> share, int limit) {
    return order.mayStart(share, order.freePermits(limit));
  }

  @Test
  void aTenantStartsRequestsWhileMorePermitsAreFreeThanItHasInFlight() {
    var share = activate("a", 1);
    assertFalse(mayStart(share, 0));
    for (var i = 0; i < 4; i++) {
      assertTrue(mayStart(share, 8), "in flight: " + i);
      order.start(share, 10);
    }
    assertFalse(mayStart(share, 8));
    assertTrue(mayStart(share, 9));
    order.end(share, 0);
    assertTrue(mayStart(share, 8));
  }

  @Test
  void theRequestsInFlightOfATenantFollowItsWeightAmongTheActiveTenants() {
    var free = activate("a", 1);
    order.start(free, 10);
    var premium = activate("b", 4);
    order.start(premium, 10);
    assertFalse(mayStart(free, 2 + 4));
    assertTrue(mayStart(free, 2 + 5));
    assertFalse(mayStart(premium, 2 + 1));
    assertTrue(mayStart(premium, 2 + 2));

    order.end(premium, 0);
    order.settle(premium);
    assertTrue(mayStart(free, 1 + 2), "no tenant with a larger weight is active");
  }

  /** The limit can decrease below the requests in flight. */
  @Test
  void longRequestsOfATenantDoNotKeepAnotherOneWaiting() {
    var slow = activate("a", 1);
    for (var i = 0; i < 10; i++) {
      order.start(slow, 10);
    }
    assertEquals(4, order.freePermits(8), "the tenant counts with half of the limit");
    var quiet = activate("b", 1);
    assertFalse(mayStart(slow, 8));
    for (var i = 0; i < 2; i++) {
      assertTrue(mayStart(quiet, 8), "in flight: " + i);
      order.start(quiet, 10);
    }
    assertFalse(mayStart(quiet, 8));
    assertEquals(2, order.freePermits(8));
    order.end(slow, 0);
    assertEquals(2, order.freePermits(8));
  }

  @Test
  void aTenantWithTooManyRequestsInFlightIsPassedOver() {
    enqueue("a", 1, "1");
    order.start(share("1"), 1);
    order.start(share("1"), 1);
    enqueue("b", 1, "x");
    order.start(share("x"), 100);
    assertEquals("1", order.next(6), "the tenant with the smallest virtual time");
    assertEquals("x", order.next(5));
    assertNull(order.next(4));
    assertNull(order.next(3));
  }
}
