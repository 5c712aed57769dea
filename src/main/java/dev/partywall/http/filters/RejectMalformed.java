package dev.partywall.http.filters;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.http.Filter;
import dev.partywall.http.Handler;
import dev.partywall.http.Request;
import dev.partywall.http.Response;

/**
 * A filter that rejects malformed messages and messages with too many header fields. A filter,
 * unlike a check at the socket, ensures that these requests are logged and counted like all others.
 */
public final class RejectMalformed implements Filter {
  private static final int MAX_FIELDS = 100;

  /**
   * Calls {@code next} if the message is well-formed.
   *
   * @throws ApiException as {@link ApiError.Malformed} if it is not; closes the connection, because
   *     the start of the next message is ambiguous. As {@link ApiError.TooManyFields} if it has
   *     more than 100 header fields
   */
  @Override
  public Response filter(Request request, Handler next) {
    if (request.violatedRule().isPresent()) {
      throw new ApiException(new ApiError.Malformed(request.violatedRule().get(), true));
    }
    if (request.headers().fields().size() > MAX_FIELDS) {
      throw new ApiException(new ApiError.TooManyFields(MAX_FIELDS));
    }
    return next.handle(request);
  }
}
