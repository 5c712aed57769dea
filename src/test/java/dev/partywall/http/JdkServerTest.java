package dev.partywall.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class JdkServerTest {
  private static TestServer server;

  @BeforeAll
  static void start() throws IOException {
    server = TestServer.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void answersAndKeepsTheConnection() throws IOException {
    try (var client = server.client()) {
      for (var i = 0; i < 3; i++) {
        var answer = client.get("/hello").read();
        assertEquals(200, answer.status());
        assertEquals("{\"hello\":\"world\"}", answer.text());
        assertFalse(answer.closes());
      }
    }
  }

  @Test
  void keepsTheConnectionAfterAnOrdinary404() throws IOException {
    try (var client = server.client()) {
      assertEquals(404, client.get("/nowhere").read().status());
      assertEquals(200, client.get("/hello").read().status());
    }
  }

  @Test
  void takesABodyAndKeepsTheConnection() throws IOException {
    try (var client = server.client()) {
      client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello");
      assertEquals("hello", client.read().text());
      client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n").send("later");
      assertEquals("later", client.read().text());
      assertEquals(200, client.get("/hello").read().status());
    }
  }

  @Test
  void closesAfterAnAnswerToABodyThatItDidNotRead() throws IOException {
    try (var client = server.client()) {
      client.send("POST /refuse HTTP/1.1\r\nHost: a\r\nContent-Length: 50\r\n\r\nhal");
      var answer = client.read();
      assertEquals(401, answer.status());
      assertTrue(answer.closes());
      assertTrue(client.isClosed());
    }
  }
}
