package dev.partywall.orders;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiError.Forbidden.Reason;
import dev.partywall.error.ApiException;
import dev.partywall.error.Faults;
import dev.partywall.http.Handler;
import dev.partywall.http.IdempotencyKey;
import dev.partywall.http.Preconditions;
import dev.partywall.http.Request;
import dev.partywall.http.Response;
import dev.partywall.http.Route;
import dev.partywall.service.Feature;
import dev.partywall.service.Kernel;
import dev.partywall.service.Offering;
import dev.partywall.storage.Ids;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The routes of the orders API, with their scopes. */
public final class OrderRoutes {
  private static final Logger LOG = LoggerFactory.getLogger(OrderRoutes.class);
  private static final String READ = "orders:read";
  private static final String WRITE = "orders:write";

  private OrderRoutes() {}

  /**
   * Declares the orders service.
   *
   * @see dev.partywall.service.Capability
   */
  public static Offering of(Kernel kernel) {
    var clock = kernel.clock();
    var _ = kernel.collection(OrderStore.COLLECTION);
    var orders = new OrderStore(kernel.table(), clock, kernel.meter("ordersPlaced"));
    var notes = kernel.feature("order-notes", "standard", "premium");
    return Offering.of("orders", routes(orders, notes, kernel.ids(), clock))
        .describedBy(OrderRoutes.class, "openapi.json");
  }

  private static List<Route> routes(
      OrderStore orders, Feature notes, Ids ids, InstantSource clock) {
    return List.of(
        Route.of("GET", "/orders", READ, new ListOrders(orders)),
        Route.of("POST", "/orders", WRITE, new PlaceOrder(orders, notes, ids, clock)),
        Route.of("GET", "/orders/{id}", READ, new ReadOrder(orders)),
        Route.of("PUT", "/orders/{id}", WRITE, new ReplaceOrder(orders, notes, clock)),
        Route.of("DELETE", "/orders/{id}", WRITE, new DeleteOrder(orders)));
  }

  /**
   * Rejects an order with a note while the feature is off.
   *
   * @throws ApiException as {@link ApiError.Forbidden}
   */
  private static void requireAvailable(Feature notes, OrderDraft draft) {
    if (draft.hasNote() && !notes.isOn()) {
      throw new ApiException(new ApiError.Forbidden(Reason.FEATURE_NOT_AVAILABLE));
    }
  }

  /** {@code GET /orders/{id}}. */
  private record ReadOrder(OrderStore orders) implements Handler {
    /** Returns an order, or a 304 if the caller already has that version. */
    @Override
    public Response handle(Request request) {
      var conditions = Preconditions.of(request.headers());
      var order = orders.find(request.parameter("id")).orElseThrow(ApiException::notFound);
      return conditions.isUnchanged(order.version())
          ? OrderResponses.notModified(order)
          : OrderResponses.order(200, order);
    }
  }

  /** {@code GET /orders}. */
  private record ListOrders(OrderStore orders) implements Handler {
    /** Returns a page of orders, newest first. */
    @Override
    public Response handle(Request request) {
      var query = ListQuery.of(request);
      var page = orders.list(query).toJson("orders", query::cursor);
      return OrderResponses.revalidated(Response.json(200, page));
    }
  }

  /** {@code POST /orders}. */
  record PlaceOrder(OrderStore orders, Feature notes, Ids ids, InstantSource clock)
      implements Handler {
    /**
     * Places an order. With an idempotency key, repeated requests place it only once. After a
     * rejected request, its key can be used again.
     */
    @Override
    public Response handle(Request request) {
      var body = request.json();
      var key = IdempotencyKey.of(request);
      OrderDraftReader.rejectUnknown(body, OrderDraftReader.PLACE_FIELDS);
      var faults = new Faults();
      var draft = OrderDraftReader.read(body, faults);
      if (faults.isEmpty()) {
        requireAvailable(notes, draft);
      }
      var user = request.subject();
      var placed = orders.place(key, faults, () -> newOrder(user, draft));
      var response = OrderResponses.placed(placed.entity());
      if (placed.replayed()) {
        return response.asReplay();
      }
      LOG.atInfo().setMessage("order placed").addKeyValue("orderId", placed.entity().id()).log();
      return response;
    }

    private Order newOrder(String user, OrderDraft draft) {
      var now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
      return Order.placed(ids.next(now), user, draft, now);
    }
  }

  /** {@code PUT /orders/{id}}. */
  private record ReplaceOrder(OrderStore orders, Feature notes, InstantSource clock)
      implements Handler {
    /**
     * Replaces the caller-defined content of an order. Errors have this precedence: malformed
     * request (400), missing If-Match (428), invalid body (422), a note without the feature (403),
     * unknown order (404), stale version (412), status conflict (409).
     */
    @Override
    public Response handle(Request request) {
      var body = request.json();
      var conditions = Preconditions.of(request.headers());
      OrderDraftReader.rejectUnknown(body, OrderDraftReader.REPLACE_FIELDS);
      conditions.requireIfMatch();
      var faults = new Faults();
      var draft = OrderDraftReader.read(body, faults);
      faults.rejectIfAny();
      requireAvailable(notes, draft);
      var replaced =
          orders.replace(
              request.parameter("id"),
              before -> {
                conditions.checkChange(before.version());
                return before.replacedBy(draft, clock.instant().truncatedTo(ChronoUnit.MILLIS));
              });
      return OrderResponses.order(200, replaced.orElseThrow(ApiException::notFound));
    }
  }

  /** {@code DELETE /orders/{id}}. */
  private record DeleteOrder(OrderStore orders) implements Handler {
    /** Deletes an order unless its status requires keeping it. If-Match is optional. */
    @Override
    public Response handle(Request request) {
      var conditions = Preconditions.of(request.headers());
      var existed =
          orders.delete(
              request.parameter("id"),
              order -> {
                conditions.checkChange(order.version());
                order.requireDeletable();
              });
      if (!existed) {
        throw ApiException.notFound();
      }
      return Response.of(204);
    }
  }

  /**
   * Builds responses about orders. Such responses are private to the caller and change, so caches
   * must revalidate them.
   */
  private static final class OrderResponses {
    private OrderResponses() {}

    /** Returns a response with an order as its body. */
    static Response order(int status, Order order) {
      return revalidated(Response.json(status, OrderJson.write(order))).withETag(order.version());
    }

    /** Returns the response to the request that placed an order. */
    static Response placed(Order order) {
      return order(201, order).with("Location", "/orders/" + order.id());
    }

    /** Returns a 304 with the header fields that RFC 9110, section 15.4.5, requires. */
    static Response notModified(Order order) {
      return revalidated(Response.of(304)).withETag(order.version());
    }

    /** Returns the response with the Cache-Control field of all order responses. */
    static Response revalidated(Response response) {
      return response.with("Cache-Control", "private, no-cache");
    }
  }
}
