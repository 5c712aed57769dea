package dev.partywall.notes;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.http.Request;
import dev.partywall.http.Response;
import dev.partywall.http.Route;
import dev.partywall.service.Kernel;
import dev.partywall.service.Offering;
import dev.partywall.service.Peer;
import java.time.Duration;
import java.util.List;

/** A capability that calls another service: it reads and places orders of the orders service. */
public record OrderNoteRoutes(Peer orders) {
  /** Declares the capability. */
  public static Offering of(Kernel kernel) {
    var notes = new OrderNoteRoutes(kernel.service("orders"));
    return Offering.of(
        "order-notes",
        List.of(
            Route.of("GET", "/order-notes/{id}", "orders:read", notes::read),
            Route.of("POST", "/order-notes", "orders:write", notes::place),
            Route.open("GET", "/public/{id}", notes::read)));
  }

  private Response read(Request request) {
    return response(orders.get("/orders/{id}", request.parameter("id")));
  }

  private Response place(Request request) {
    return response(orders.send(Peer.Call.of("POST", "/orders").with(request.json())));
  }

  private static Response response(Peer.Reply reply) {
    return switch (reply.status()) {
      case 200, 201 -> Response.json(reply.status(), reply.body());
      case 404 -> throw new ApiException(new ApiError.NotFound());
      default ->
          throw new ApiException(
              new ApiError.Unavailable("Orders are unavailable.", Duration.ofSeconds(1)));
    };
  }
}
