package dev.partywall.tenancy.admission;

import static dev.partywall.tenancy.admission.AdmissionFixture.ACME;
import static dev.partywall.tenancy.admission.AdmissionFixture.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.http.Body;
import dev.partywall.http.Handler;
import dev.partywall.http.Headers;
import dev.partywall.http.Match;
import dev.partywall.http.Request;
import dev.partywall.http.RequestTarget;
import dev.partywall.http.Response;
import dev.partywall.http.Route;
import dev.partywall.tenancy.Identity;
import dev.partywall.tenancy.TestExecution;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AdmitTest {
  private static final Identity ALICE =
      new Identity.TenantUser(ACME.id(), Optional.empty(), "alice", Set.of(), TestExecution.ORIGIN);
  private static final Identity OLGA = new Identity.Operator("olga", Set.of());
  private static final Handler OK = _ -> Response.of(200);
  private static final Request REQUEST =
      Request.of("GET", RequestTarget.ROOT, Headers.NONE, Body.NONE).with(new Match.NoMatch());

  private final AdmissionFixture fixture = new AdmissionFixture();
  private final Admit admit = new Admit(fixture.limiter, () -> fixture.nanos);
  private int served;

  private Response asTenant(Handler next) {
    var execution = TestExecution.of(ALICE);
    return execution.call(() -> execution.callForTenant(ACME, () -> admit.filter(REQUEST, next)));
  }

  private Response as(Identity identity, Handler next) {
    return TestExecution.of(identity).call(() -> admit.filter(REQUEST, next));
  }

  private static ApiError.OverQuota rejection(Runnable request) {
    var rejection = assertThrows(ApiException.class, request::run);
    return assertInstanceOf(ApiError.OverQuota.class, rejection.error());
  }

  private Response serve(Request request) {
    served++;
    return Response.of(200);
  }

  @Test
  void rejectsRequestsAboveTheRate() {
    for (var i = 0; i < 20; i++) {
      assertEquals(200, asTenant(this::serve).status());
    }
    fixture.advance(SECOND / 40);
    assertEquals(
        new ApiError.OverQuota(List.of("burst"), Duration.ofMillis(75)),
        rejection(() -> asTenant(this::serve)));
    assertEquals(20, served);
  }

  @Test
  void rejectsRequestsAboveTheInFlightLimitAndReleasesEachAtItsEnd() {
    Handler two = _ -> asTenant(_ -> asTenant(this::serve));
    Handler four = _ -> asTenant(_ -> asTenant(two));
    assertEquals(200, asTenant(four).status());
    assertEquals(
        new ApiError.OverQuota(List.of("in-flight"), Duration.ofSeconds(1)),
        rejection(() -> asTenant(_ -> asTenant(four))));
    assertEquals(1, served);

    assertThrows(IllegalStateException.class, () -> asTenant(AdmitTest::fail));
    assertEquals(200, asTenant(four).status());
  }

  private static Response fail(Request request) {
    throw new IllegalStateException();
  }

  @Test
  void rejectsRequestsAboveTheMonthlyLimitUntilTheEndOfTheMonth() {
    fixture.used = 100_000;
    fixture.time = Instant.parse("2026-11-30T23:00:00Z");
    assertEquals(
        new ApiError.OverQuota(List.of("month"), Duration.ofHours(1)),
        rejection(() -> asTenant(this::serve)));
    assertEquals(0, served);
  }

  @Test
  void recordsTheQuotasOfAdmittedAndOfRejectedRequests() {
    for (var expected : new long[] {19, 18}) {
      assertEquals(expected, remaining());
    }
    fixture.used = 100_000;
    assertEquals(18, remaining());
  }

  private long remaining() {
    var execution = TestExecution.of(ALICE);
    try {
      execution.call(() -> execution.callForTenant(ACME, () -> admit.filter(REQUEST, OK)));
    } catch (ApiException e) {
      assertInstanceOf(ApiError.OverQuota.class, e.error());
    }
    return execution.quota().orElseThrow().remaining();
  }

  @Test
  void operatorsHaveARateOfTheirOwn() {
    for (var i = 0; i < 100; i++) {
      assertEquals(200, as(OLGA, OK).status());
    }
    assertEquals(
        new ApiError.OverQuota(List.of("burst"), Duration.ofMillis(20)),
        rejection(() -> as(OLGA, OK)));
    assertEquals(200, asTenant(OK).status());

    fixture.advance(SECOND);
    for (var i = 0; i < 50; i++) {
      assertEquals(200, as(OLGA, OK).status());
    }
    rejection(() -> as(OLGA, OK));
  }

  @Test
  void operatorsHaveTenRequestsInFlight() {
    Handler next = this::serve;
    for (var i = 0; i < 9; i++) {
      var inner = next;
      next = _ -> as(OLGA, inner);
    }
    assertEquals(200, as(OLGA, next).status());
    var ten = next;
    assertEquals(
        new ApiError.OverQuota(List.of("in-flight"), Duration.ofSeconds(1)),
        rejection(() -> as(OLGA, _ -> as(OLGA, ten))));
  }

  /** The tenant is recorded, and not bound. The authorization rejects these requests. */
  @Test
  void aTenantsFloodOfAnOperatorsRouteTakesNothingFromOperatorsButFromTheTenant() {
    for (var i = 0; i < 20; i++) {
      assertEquals(200, onOperatorsRoute().status());
    }
    for (var i = 0; i < 1_000; i++) {
      assertEquals(List.of("burst"), rejection(this::onOperatorsRoute).violatedPolicies());
    }
    assertEquals(200, as(OLGA, OK).status());
    assertEquals(List.of("burst"), rejection(() -> asTenant(OK)).violatedPolicies());
  }

  /** The registry does not contain the tenant, so none is recorded. */
  @Test
  void aFloodOfAnUnknownTenantsUsersTakesNothingFromOperators() {
    for (var i = 0; i < 1_000; i++) {
      assertEquals(200, as(ALICE, OK).status());
    }
    assertEquals(200, as(OLGA, OK).status());
  }

  private Response onOperatorsRoute() {
    var execution = TestExecution.of(ALICE);
    execution.callForTenant(ACME, () -> ACME); // records it
    return execution.call(() -> admit.filter(REQUEST, OK));
  }

  /** The target tenant of an operator is recorded, but its limits do not apply. */
  @Test
  void anOperatorTakesNothingFromATenant() {
    var execution = TestExecution.of(OLGA);
    execution.callForTenant(ACME, () -> ACME);
    execution.call(() -> admit.filter(REQUEST, OK));
    assertEquals(Optional.empty(), execution.quota());
  }

  @Test
  void openRoutesHaveNoLimits() {
    var open = REQUEST.with(new Match.Found(Route.open("GET", "/", OK), Map.of()));
    for (var i = 0; i < 1_000; i++) {
      assertEquals(200, TestExecution.of(OLGA).call(() -> admit.filter(open, OK)).status());
    }
  }
}
