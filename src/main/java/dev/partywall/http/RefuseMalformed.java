package dev.partywall.http;

/**
 * Refuses what breaks a rule of the wire. It does so in here and not at the socket, so that such
 * requests are logged and counted like all others.
 */
public final class RefuseMalformed implements Filter {
  /**
   * Asks {@code next} if the message is well formed.
   *
   * @throws Refused as {@link Refusal.Malformed} if it is not; the connection ends with it, since
   *     where the next message starts is anybody's guess
   */
  @Override
  public Response filter(Request request, Handler next) {
    if (request.wireFault().isPresent()) {
      throw new Refused(new Refusal.Malformed(request.wireFault().get(), true));
    }
    return next.handle(request);
  }
}
