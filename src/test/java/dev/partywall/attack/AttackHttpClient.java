package dev.partywall.attack;

import dev.partywall.http.server.RawClient;
import dev.partywall.http.server.RawClient.RawResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** An HTTP client for one thread. Keeps its connection until the server closes it. */
final class AttackHttpClient implements AutoCloseable {
  private final int port;
  private @Nullable RawClient client;

  AttackHttpClient(int port) {
    this.port = port;
  }

  /** Sends the request and returns the response. */
  RawResponse send(ApiRequest request) {
    try {
      var connection = client == null ? new RawClient(port) : client;
      client = connection;
      connection.send(request.toBytes());
      var answer = request.isHead() ? connection.readHead() : connection.read();
      if (answer.closesConnection()) {
        close();
      }
      return answer;
    } catch (IOException e) {
      close();
      throw new UncheckedIOException(request.method() + " " + request.target(), e);
    }
  }

  /** Closes the connection. */
  @Override
  public void close() {
    var last = client;
    client = null;
    try {
      if (last != null) {
        last.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
