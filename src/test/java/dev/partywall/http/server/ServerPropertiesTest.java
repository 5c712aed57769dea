package dev.partywall.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.ChildProcess;
import dev.partywall.concurrent.Conditions;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/**
 * Tests the settings of jdk.httpserver. Each JVM reads them only once, so other values need a child
 * JVM.
 */
class ServerPropertiesTest {
  private static final String ONE_OF_EACH_KIND =
      "{built_in_page=0, headers=0, idle=1, idle_limit=1, request_timeout=1,"
          + " response_timeout=0, slow_client=0, target=0}";

  @Test
  void keepValuesFromTheCommandLine() {
    ServerProperties.install();

    assertEquals("20", System.getProperty("sun.net.httpserver.maxReqTime"));
    assertEquals("true", System.getProperty("sun.net.httpserver.nodelay"));
    assertEquals("16384", System.getProperty("sun.net.httpserver.maxReqHeaderSize"));
  }

  @Test
  void closeSilentAndSlowConnectionsAndThoseAboveTheNumberOfKeptOnes() throws Exception {
    // Each connection has one second from its opening to the end of its first request.
    try (var child =
            new ChildJvm(
                "-Dsun.net.httpserver.maxReqTime=1", "-Dsun.net.httpserver.maxIdleConnections=1");
        var first = served(child);
        var second = served(child);
        var silent = new RawClient(child.port);
        var slow = new RawClient(child.port)) {
      slow.send("GET /hello HTTP/1.1\r\nHost: a\r\nX-Slow: ");

      // A client can receive the response before the server counts the connection as idle. So
      // either connection can be the one above the limit.
      assertEquals(true, CompletableFuture.anyOf(closed(first), closed(second)).join());
      assertTrue(silent.isClosed());
      assertTrue(slow.isClosed());
      // A client can see the close before the server counts it.
      Conditions.await(
          () -> child.closedConnections().equals(ONE_OF_EACH_KIND), "a close is not counted");
    }
  }

  /** Opens a connection that the server keeps open after a response. */
  private static RawClient served(ChildJvm child) throws IOException {
    var client = new RawClient(child.port);
    assertFalse(client.get("/hello").read().closesConnection());
    return client;
  }

  private static CompletableFuture<Boolean> closed(RawClient client) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return client.isClosed();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        },
        Thread::startVirtualThread);
  }

  @Test
  void closeTheConnectionOfAClientThatTakesNoResponse() throws Exception {
    try (var child = new ChildJvm();
        var client = new RawClient(child.port)) {
      var pipelined = "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n".repeat(1_000);

      assertThrows(SocketException.class, () -> sendUntilClosed(client, pipelined));

      Conditions.await(
          () -> child.closedConnections().contains("response_timeout=1,"),
          "the close is not counted");
    }
  }

  private static void sendUntilClosed(RawClient client, String text) throws IOException {
    while (true) {
      client.send(text);
    }
  }

  @Test
  void freeTheSlotOfEveryConnection() throws Exception {
    try (var child = new ChildJvm("-Djdk.httpserver.maxConnections=20")) {
      for (var i = 0; i < 30; i++) {
        badChunk(child.port);
        unreadBody(child.port);
        reset(child.port);
      }

      for (var i = 0; i < 30; i++) {
        attempt(child.port, "GET /failing HTTP/1.1\r\nHost: a\r\n\r\n");
        disappear(child.port);
      }
      var unread = takeNothing(child.port);

      // A slot becomes free shortly after the client sees its connection closed.
      Conditions.await(() -> areServed(child.port, 20), "a slot is occupied");
      for (var client : unread) {
        client.close();
      }
    }
  }

  /** The heap would not suffice for the requests of all clients. */
  @Test
  void permitARequestWithLargeHeaderFieldsOnEveryConnection() throws Exception {
    var request =
        "GET /waiting HTTP/1.1\r\nHost: a\r\nRequest-Timeout-Ms: 2000\r\nX-Large: %s\r\n\r\n"
            .formatted("a".repeat(12_000));
    var clients = new ArrayList<RawClient>();
    try (var child = new ChildJvm("-Xmx24m")) {
      for (var i = 0; i < 800; i++) {
        clients.add(new RawClient(child.port));
        sendIfOpen(clients.getLast(), request);
      }
      awaitServed(child.port);
    } finally {
      clients.forEach(ServerPropertiesTest::close);
    }
  }

  private static void sendIfOpen(RawClient client, String request) throws IOException {
    try {
      client.send(request);
    } catch (SocketException _) {
      // The server was at capacity.
    }
  }

  /** The client of a stream closes the connection after the first bytes. */
  private static void disappear(int port) throws IOException {
    try (var client = new RawClient(port)) {
      client.get("/endless").readHead();
      client.reset();
    } catch (EOFException | SocketException _) {
      // The server was at capacity.
    }
  }

  /** As many clients as the server has slots keep their connections and read nothing. */
  private static List<RawClient> takeNothing(int port) throws IOException {
    var clients = new ArrayList<RawClient>();
    for (var i = 0; i < 20; i++) {
      clients.add(new RawClient(port).get("/endless"));
    }
    return clients;
  }

  @Test
  void leaveFileDescriptorsToTheOtherListener() throws Exception {
    var silent = new ArrayList<RawClient>();
    try (var child = new ChildJvm(300)) {
      try (var resident = new RawClient(child.port)) {
        assertEquals(200, resident.get("/hello").read().status());
        for (var i = 0; i < 300; i++) {
          silent.add(new RawClient(child.port));
        }
        awaitClosed(silent.getLast());

        assertEquals(200, resident.get("/hello").read().status());
        assertTrue(isServed(child.otherPort));
        assertFalse(isServed(child.port));
      }
      for (var client : silent) {
        client.close();
      }
      awaitServed(child.port);
    }
  }

  private static void awaitClosed(RawClient client) {
    try {
      assertTrue(client.isClosed());
    } catch (IOException _) {
      // A reset.
    }
  }

  private static void awaitServed(int port) {
    Conditions.await(() -> isServed(port), "the server does not respond");
  }

  /** Returns whether this number of connections is served while all of them are open. */
  private static boolean areServed(int port, int number) {
    var clients = new ArrayList<RawClient>();
    try {
      for (var i = 0; i < number; i++) {
        var client = new RawClient(port);
        clients.add(client);
        if (client.get("/hello").read().status() != 200) {
          return false;
        }
      }
      return true;
    } catch (IOException e) {
      return false;
    } finally {
      clients.forEach(ServerPropertiesTest::close);
    }
  }

  private static void close(RawClient client) {
    try {
      client.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void badChunk(int port) throws IOException {
    attempt(port, "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nZ\r\n\r\n");
  }

  private static void unreadBody(int port) throws IOException {
    attempt(port, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 999999\r\n\r\n");
  }

  private static void attempt(int port, String message) throws IOException {
    try (var client = new RawClient(port)) {
      client.send(message).halfClose().readAll();
    } catch (SocketException e) {
      // Either is acceptable: the server was at capacity, or it reset the unread connection.
    }
  }

  private static void reset(int port) throws IOException {
    try (var client = new RawClient(port)) {
      client.get("/hello").reset();
    }
  }

  private static boolean isServed(int port) {
    try (var client = new RawClient(port)) {
      return client.get("/hello").read().status() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  /** A JVM with the same class path and other settings. */
  private static final class ChildJvm implements AutoCloseable {
    private final Process process;
    private final BufferedReader output;
    final int port;
    final int otherPort;

    ChildJvm(String... settings) throws IOException {
      this(4_096, settings);
    }

    ChildJvm(int descriptors, String... settings) throws IOException {
      var shell = List.of("sh", "-c", "ulimit -n " + descriptors + " && exec \"$@\"", "sh");
      var command = new ArrayList<>(shell);
      var options = new ArrayList<>(List.of(settings));
      options.add("-Dsun.net.httpserver.timerMillis=100");
      options.add("-Dsun.net.httpserver.clockTick=100");
      command.addAll(ChildProcess.command(TestServerMain.class, options));
      process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      output = process.inputReader();
      port = Integer.parseInt(output.readLine());
      otherPort = Integer.parseInt(output.readLine());
    }

    String closedConnections() {
      try {
        process.getOutputStream().write('\n');
        process.getOutputStream().flush();
        return output.readLine();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void close() throws IOException {
      output.close();
      process.getOutputStream().close();
      process.onExit().join();
    }
  }
}
