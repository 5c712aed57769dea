package dev.partywall.http;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import java.io.ByteArrayInputStream;
import java.io.InputStream;

/** The body of a request. It is read only on demand, and at most once. */
@SuppressWarnings("ClassInitializationDeadlock") // Bytes has no static state
public interface Body {
  /** An empty body. */
  Body NONE = new Bytes(new byte[0]);

  /**
   * Returns the complete body.
   *
   * @throws ApiException as {@link ApiError.TooLarge}, as {@link ApiError.Malformed} if the framing
   *     is invalid, or as {@link ApiError.Unavailable} if the body does not arrive in time
   */
  byte[] bytes();

  /**
   * Returns the body as a stream, instead of {@link #bytes}. A body from a socket can then exceed
   * the limit of {@link #bytes}, and only a small part of it is in memory. The route must permit it
   * ({@link Route#withStreamedBody}). The methods of the stream throw the same exceptions as {@link
   * #bytes}, if the body exceeds {@code maxBytes}, is framed incorrectly or arrives too slowly.
   */
  default InputStream stream(long maxBytes) {
    return new ByteArrayInputStream(bytes());
  }

  /** Returns whether {@link #bytes} returns or throws without waiting for the client. */
  boolean isBuffered();

  /**
   * Records that the complete body was parsed as JSON. Without this call, the server closes the
   * connection after the response to a request with a body. A body that wraps another one must pass
   * the call on.
   */
  void parsedAsJson();

  /** Returns a body with these bytes. */
  static Body of(byte[] bytes) {
    return new Bytes(bytes);
  }

  /** A body that is completely in memory. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Bytes(byte[] bytes) implements Body {
    @Override
    public boolean isBuffered() {
      return true;
    }

    @Override
    public void parsedAsJson() {
      // No connection depends on this body.
    }
  }
}
