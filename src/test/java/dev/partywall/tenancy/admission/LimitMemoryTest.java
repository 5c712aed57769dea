package dev.partywall.tenancy.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.fail;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.http.Body;
import dev.partywall.http.Handler;
import dev.partywall.http.Headers;
import dev.partywall.http.Request;
import dev.partywall.http.RequestTarget;
import dev.partywall.http.Response;
import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantContext;
import dev.partywall.tenancy.TenantId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LimitMemoryTest {
  private static final int MAX_BODY = 1_000;

  /** A body of 1,000 bytes reserves 80 KiB and four times its size. */
  private static final long LARGEST_BODY = 81_920 + 4_000;

  private static final Handler READ =
      request -> Response.of(200, "text/plain", request.body().bytes());

  private final MemoryBudget budget = new MemoryBudget(4 * LARGEST_BODY);
  private final LimitMemory filter = new LimitMemory(budget, MAX_BODY);
  private int parsed;

  @Test
  void reservesTheDeclaredSizeBeforeTheBodyIsRead() {
    var body = body(300, () -> assertEquals(81_920 + 4 * 300, budget.reserved()));

    assertEquals(200, send("acme", "Content-Length", "300", body, READ).status());

    assertEquals(0, budget.reserved());
  }

  @Test
  void passesOnThatTheBodyWasParsed() {
    send(
        "acme",
        "Content-Length",
        "300",
        body(300, () -> {}),
        request -> {
          request.body().parsedAsJson();
          return Response.of(204);
        });

    assertEquals(1, parsed);
  }

  @Test
  void reservesTheMaximumForAChunkedBodyUntilItHasArrived() {
    var body = body(10, () -> assertEquals(LARGEST_BODY, budget.reserved()));

    send(
        "acme",
        "Transfer-Encoding",
        "chunked",
        body,
        request -> {
          request.body().bytes();
          assertEquals(81_920 + 4 * 10, budget.reserved());
          return Response.of(200);
        });

    assertEquals(0, budget.reserved());
  }

  @Test
  void reservesNothingForABodyThatIsTooLargeOrThatIsNotRead() {
    var rejected = body(0, () -> assertEquals(0, budget.reserved()));

    send("acme", "Content-Length", "1001", rejected, READ);
    send("acme", "Content-Length", "1000", unread(), _ -> Response.of(204));
  }

  @Test
  void aTenantGetsHalfOfTheBudgetAndTheNextOneHalfOfTheRest() {
    read(
        List.of("acme", "acme"),
        () -> {
          assertRejected("acme");
          read(List.of("globex"), () -> assertRejected("globex"));
        });
    read(List.of("acme", "acme"), () -> {});
    assertEquals(0, budget.reserved());
  }

  @Test
  void requestsWithoutATenantShareAnEntry() {
    budget.reservation(Optional.empty()).set(2 * LARGEST_BODY);

    assertRejected("");
    read(List.of("acme"), () -> {});
  }

  @Test
  void aFailedRequestReleasesItsMemory() {
    var cut =
        body(
            0,
            () -> {
              throw new IllegalStateException();
            });

    assertThrows(
        IllegalStateException.class, () -> send("acme", "Content-Length", "1000", cut, READ));

    assertEquals(0, budget.reserved());
  }

  @Test
  void aLargeResponseReservesMemoryUntilItIsSent() {
    var response = respond(16 * 1024 + 1);
    assertEquals(16 * 1024 + 1, budget.reserved());

    response.listeners().getFirst().accept(new Response.SendResult(0, Duration.ZERO, false));

    assertEquals(0, budget.reserved());
    respond(16 * 1024);
    assertEquals(0, budget.reserved());
  }

  @Test
  void aResponseWithoutRoomIsReplacedByARejection() {
    assertAtCapacity(() -> respond((int) (2 * LARGEST_BODY + 1)));
    assertEquals(0, budget.reserved());
  }

  private Response respond(int length) {
    return send("acme", "Accept", "*/*", Body.NONE, _ -> Response.json(200, new byte[length]));
  }

  /** Runs {@code task} while a request of each of these tenants reads the largest body. */
  private void read(List<String> tenants, Runnable task) {
    if (tenants.isEmpty()) {
      task.run();
      return;
    }
    var others = tenants.subList(1, tenants.size());
    var body = body(MAX_BODY, () -> read(others, task));
    assertEquals(200, send(tenants.getFirst(), "Content-Length", "1000", body, READ).status());
  }

  private void assertRejected(String tenant) {
    assertAtCapacity(() -> send(tenant, "Content-Length", "1000", unread(), READ));
  }

  private static void assertAtCapacity(Runnable request) {
    var rejection = assertThrows(ApiException.class, request::run);
    assertEquals(new ApiError.AtCapacity(Duration.ofSeconds(1)), rejection.error());
  }

  /** Sends a request in a thread of its own, because no thread works for two tenants. */
  private Response send(String tenant, String field, String value, Body body, Handler next) {
    var request = Request.of("POST", RequestTarget.ROOT, Headers.NONE.with(field, value), body);
    return QueueFixture.call(() ->
        tenant.isEmpty()
            ? filter.filter(request, next)
            : TenantContext.call(
                new Tenant(new TenantId(tenant)), () -> filter.filter(request, next)));
  }

  private Body unread() {
    return body(0, () -> fail("the body was read"));
  }

  private Body body(int length, Runnable beforeRead) {
    return new Body() {
      @Override
      public byte[] bytes() {
        beforeRead.run();
        return new byte[length];
      }

      @Override
      public boolean isBuffered() {
        return false;
      }

      @Override
      public void parsedAsJson() {
        parsed++;
      }
    };
  }
}
