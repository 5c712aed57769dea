package dev.partywall.tenancy.admission;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.http.Body;
import dev.partywall.http.Filter;
import dev.partywall.http.Handler;
import dev.partywall.http.Headers;
import dev.partywall.http.Request;
import dev.partywall.http.Response;
import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantContext;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.admission.MemoryBudget.Reservation;
import java.io.InputStream;
import java.util.Optional;

/**
 * A filter that reserves memory for the body of a request before it is read, and for a large
 * response until it is sent. Otherwise the heap would have to suffice for any number of bodies of
 * clients that never complete them, and for any number of responses that clients never take.
 *
 * @param maxBodyBytes the maximum size of a body, which a chunked body reserves until it has
 *     arrived. A larger declared body is rejected without being read
 */
public record LimitMemory(MemoryBudget budget, int maxBodyBytes) implements Filter {
  /** The buffers and the header fields of a connection whose client is slow. */
  private static final long BYTES_PER_BODY = 80 * 1024;

  /**
   * The bytes, the JSON tree, and the call to DynamoDB contain the body at the same time. This is
   * an estimate for bodies of texts and numbers. A tree of empty objects is larger, about 7 MB for
   * 256 KiB, but only a request with a permit has a tree.
   */
  private static final int COPIES_OF_BODY = 4;

  /** A part of the body in each of the same copies. */
  private static final long BYTES_PER_STREAM = BYTES_PER_BODY + COPIES_OF_BODY * 256 * 1024;

  /** A smaller response takes no more than the buffers that its request has used. */
  private static final int MAX_FREE_RESPONSE = 16 * 1024;

  /**
   * Calls {@code next} with a body that reserves memory when it is read.
   *
   * @throws ApiException as {@link ApiError.AtCapacity} if the budget has no room for the body or
   *     for the response
   */
  @Override
  public Response filter(Request request, Handler next) {
    var reservation = budget.reservation(tenant());
    try {
      var body = new ReservingBody(request.body(), size(request.headers()), reservation);
      var response = next.handle(request.with(body));
      var length = response.body().length;
      if (length > MAX_FREE_RESPONSE) {
        reservation.set(length);
        return response.onSent(_ -> reservation.end());
      }
      reservation.end();
      return response;
    } catch (RuntimeException | Error e) {
      reservation.end();
      throw e;
    }
  }

  private static Optional<TenantId> tenant() {
    return TenantContext.isBound()
        ? Optional.of(TenantContext.current()).map(Tenant::id)
        : Optional.empty();
  }

  /** Returns the largest possible size of the body; 0 if it is rejected without being read. */
  private long size(Headers headers) {
    if (headers.first("Transfer-Encoding").isPresent()) {
      return maxBodyBytes;
    }
    var declared = headers.first("Content-Length").map(Long::parseLong).orElse(0L);
    return declared > maxBodyBytes ? 0 : declared;
  }

  /** The body of a request, which is read once, completely or as a stream. */
  private record ReservingBody(Body body, long maxSize, Reservation reservation) implements Body {
    @Override
    public boolean isBuffered() {
      return body.isBuffered();
    }

    @Override
    public void parsedAsJson() {
      body.parsedAsJson();
    }

    @Override
    public InputStream stream(long maxBytes) {
      reservation.set(BYTES_PER_STREAM);
      return body.stream(maxBytes);
    }

    @Override
    public byte[] bytes() {
      if (maxSize > 0) {
        reservation.set(BYTES_PER_BODY + COPIES_OF_BODY * maxSize);
      }
      var bytes = body.bytes();
      if (maxSize > bytes.length) {
        reservation.set(BYTES_PER_BODY + (long) COPIES_OF_BODY * bytes.length);
      }
      return bytes;
    }
  }
}
