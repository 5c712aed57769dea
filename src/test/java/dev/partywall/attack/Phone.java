package dev.partywall.attack;

import dev.partywall.http.RawClient;
import dev.partywall.http.RawClient.Answer;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** One thread's way to a port: keeps its connection as long as the other end does. */
final class Phone implements AutoCloseable {
  private final int port;
  private @Nullable RawClient client;

  Phone(int port) {
    this.port = port;
  }

  /** Sends the request and waits for its answer. */
  Answer ask(Ask ask) {
    try {
      var line = client == null ? new RawClient(port) : client;
      client = line;
      line.send(ask.bytes());
      var answer = ask.isHead() ? line.readHead() : line.read();
      if (answer.closes()) {
        close();
      }
      return answer;
    } catch (IOException e) {
      close();
      throw new UncheckedIOException(ask.method() + " " + ask.target(), e);
    }
  }

  /** Hangs up. */
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
