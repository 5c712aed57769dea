package dev.partywall.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The server reads its settings once in a JVM, so that other ones take a JVM of their own. */
class ServerPropertiesTest {
  /** Serves until its input ends. */
  static final class Serve {
    public static void main(String[] args) throws IOException {
      try (var server = TestServer.start()) {
        System.out.println(server.server.port());
        while (System.in.read() >= 0) {
          // Whoever started this is still there.
        }
      }
    }
  }

  @Test
  void leaveStandWhatIsSetOnTheCommandLine() {
    ServerProperties.install();

    assertEquals("20", System.getProperty("sun.net.httpserver.maxReqTime"));
    assertEquals("true", System.getProperty("sun.net.httpserver.nodelay"));
  }

  @Test
  void dropConnectionsThatSendNothingOrTooSlowly() throws Exception {
    try (var other = new OtherJvm("-Dsun.net.httpserver.maxReqTime=1");
        var silent = new RawClient(other.port);
        var slow = new RawClient(other.port)) {
      slow.send("GET /hello HTTP/1.1\r\nHost: a\r\nX-Slow: ");

      assertTrue(silent.isClosed());
      assertTrue(slow.isClosed());
    }
  }

  @Test
  void giveBackEveryConnectionHoweverItEnded() throws Exception {
    try (var other = new OtherJvm("-Djdk.httpserver.maxConnections=20")) {
      for (var i = 0; i < 30; i++) {
        badChunk(other.port);
        unreadBody(other.port);
        reset(other.port);
      }

      // A slot is free a moment after the caller sees its connection closed.
      var answered = false;
      for (var i = 0; i < 1_000 && !answered; i++) {
        answered = isAnswered(other.port);
      }
      assertTrue(answered);
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
    } catch (java.net.SocketException e) {
      // The server is full for a moment, or has reset what it had not read: both may be.
    }
  }

  private static void reset(int port) throws IOException {
    try (var client = new RawClient(port)) {
      client.get("/hello").reset();
    }
  }

  private static boolean isAnswered(int port) {
    try (var client = new RawClient(port)) {
      return client.get("/hello").read().status() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  /** This class path in a JVM with other settings. */
  private static final class OtherJvm implements AutoCloseable {
    private final Process process;
    private final BufferedReader output;
    final int port;

    OtherJvm(String... settings) throws IOException {
      var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
      var command = new ArrayList<>(List.of(java, "-XX:TieredStopAtLevel=1", "-Xshare:auto"));
      command.addAll(List.of(settings));
      command.addAll(List.of("-Dsun.net.httpserver.timerMillis=100"));
      command.addAll(List.of("-Dsun.net.httpserver.clockTick=100"));
      command.addAll(List.of("-cp", System.getProperty("java.class.path")));
      command.add(Serve.class.getName());
      process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      output = process.inputReader();
      port = Integer.parseInt(output.readLine());
    }

    @Override
    public void close() throws IOException {
      output.close();
      process.getOutputStream().close();
      process.onExit().join();
    }
  }
}
