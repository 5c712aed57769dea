package dev.partywall.http.server;

import dev.partywall.http.Response;
import dev.partywall.http.Route;
import java.util.concurrent.CountDownLatch;

/** The route {@code GET /blocking}, which responds after a test releases it. */
final class BlockingRoute {
  final CountDownLatch entered = new CountDownLatch(1);
  final CountDownLatch release = new CountDownLatch(1);

  Route route() {
    return Route.open(
        "GET",
        "/blocking",
        _ -> {
          entered.countDown();
          try {
            release.await();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
          return Response.json(200, "{}");
        });
  }
}
