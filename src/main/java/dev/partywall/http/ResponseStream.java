package dev.partywall.http;

import java.io.IOException;

/** The body of a response that is written while it is produced. */
public interface ResponseStream {
  /**
   * Sends these bytes. Returns when the operating system has taken them, so a slow client slows
   * down the producer.
   *
   * @throws IOException if the client has closed the connection, or has taken no byte for the
   *     response timeout of the listener (60 s)
   */
  void write(byte[] bytes) throws IOException;
}
