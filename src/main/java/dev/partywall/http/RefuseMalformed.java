package dev.partywall.http;

/**
 * A filter that rejects malformed messages. A filter, unlike a check at the socket, ensures that
 * these requests are logged and counted like all others.
 */
public final class RefuseMalformed implements Filter {
  /**
   * Calls {@code next} if the message is well-formed.
   *
   * @throws Refused as {@link Refusal.Malformed} if it is not; closes the connection, because the
   *     start of the next message is ambiguous
   */
  @Override
  public Response filter(Request request, Handler next) {
    if (request.wireFault().isPresent()) {
      throw new Refused(new Refusal.Malformed(request.wireFault().get(), true));
    }
    return next.handle(request);
  }
}
