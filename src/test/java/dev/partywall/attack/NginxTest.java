package dev.partywall.attack;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.partywall.http.server.RawClient;
import java.io.IOException;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Sends bodies that the service rejects through nginx with its defaults, except for its own limit
 * of bodies. {@code -Dnginx=} names the executable.
 */
@WithAttackFixture
@EnabledIfSystemProperty(named = "nginx", matches = ".+")
class NginxTest {
  private static final int MEGABYTE = 1_000_000;
  private static final int REPETITIONS = 10;

  private final AttackFixture fixture;
  @TempDir private Path folder;

  NginxTest(AttackFixture fixture) {
    this.fixture = fixture;
  }

  @Test
  void aRejectionReachesTheClientOfNginx() throws Exception {
    var token = fixture.tokens().of("acme", "alice");
    var port = freePort();
    var nginx = start(port);
    try {
      for (var megabytes : List.of(9, 12, 20, 50)) {
        assertEquals(
            Collections.nCopies(REPETITIONS, 413), statuses(port, megabytes, token), "413");
        assertEquals(
            Collections.nCopies(REPETITIONS, 401), statuses(port, megabytes, "none"), "401");
      }
    } finally {
      nginx.destroy();
      nginx.waitFor();
    }
  }

  private Process start(int port) throws IOException, InterruptedException {
    var configuration =
        """
        daemon off; pid %1$s/pid; error_log %1$s/error.log;
        events {}
        http {
          access_log off; client_max_body_size 60m;
          client_body_temp_path %1$s/body; proxy_temp_path %1$s/proxy; fastcgi_temp_path %1$s/fastcgi;
          uwsgi_temp_path %1$s/uwsgi; scgi_temp_path %1$s/scgi;
          server { listen 127.0.0.1:%2$d; location / { proxy_pass http://127.0.0.1:%3$d; } }
        }
        """
            .formatted(folder, port, fixture.port());
    // A worker of an nginx that root starts has another user.
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    var file = Files.writeString(folder.resolve("nginx.conf"), configuration);
    var command = List.of(System.getProperty("nginx"), "-c", file.toString());
    var nginx =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("output").toFile())
            .start();
    while (!accepts(port)) {
      if (nginx.waitFor(Duration.ofMillis(20))) {
        throw new IOException("nginx has ended: " + output());
      }
    }
    return nginx;
  }

  /** nginx writes to its standard output until it has opened its log. */
  private String output() throws IOException {
    var log = folder.resolve("error.log");
    var errors = Files.exists(log) ? Files.readString(log) : "";
    return Files.readString(folder.resolve("output")) + errors;
  }

  private static boolean accepts(int port) throws IOException {
    try (var _ = new RawClient(port)) {
      return true;
    } catch (ConnectException e) {
      return false;
    }
  }

  private static List<Integer> statuses(int port, int megabytes, String token) throws IOException {
    var statuses = new ArrayList<Integer>();
    for (var i = 0; i < REPETITIONS; i++) {
      try (var client = new RawClient(port)) {
        var chunked = i % 2 == 0;
        client.send(head(token, chunked ? "chunked" : "", megabytes));
        for (var sent = 0; sent < megabytes; sent++) {
          client.send(chunked ? chunk() : new byte[MEGABYTE]);
        }
        client.send(chunked ? ascii("0\r\n\r\n") : new byte[0]);
        statuses.add(client.read().status());
      }
    }
    return statuses;
  }

  private static byte[] head(String token, String coding, int megabytes) {
    var length =
        coding.isEmpty()
            ? "Content-Length: " + megabytes * MEGABYTE
            : "Transfer-Encoding: " + coding;
    return ascii(
        "POST /orders HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n%s\r\n%s\r\n\r\n"
            .formatted(token, "Content-Type: application/json", length));
  }

  private static byte[] chunk() {
    var head = ascii("F4240\r\n");
    var chunk = new byte[head.length + MEGABYTE + 2];
    System.arraycopy(head, 0, chunk, 0, head.length);
    chunk[chunk.length - 2] = '\r';
    chunk[chunk.length - 1] = '\n';
    return chunk;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
