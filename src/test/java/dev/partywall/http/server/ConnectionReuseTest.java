package dev.partywall.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.partywall.http.Headers;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConnectionReuseTest {
  private static final Headers CLOSE = Headers.NONE.with("Connection", "close");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "HTTP/1.1 | x | true",
        "HTTP/1.1 | keep-alive | true",
        "HTTP/1.1 | closed | true",
        "HTTP/1.1 | close | false",
        "HTTP/1.1 | Close | false",
        "HTTP/1.1 | keep-alive ,\tCLOSE, TE | false",
        "HTTP/1.0 | x | false",
        "HTTP/1.0 | Keep-Alive | true",
        "HTTP/1.0 | TE,\tkeep-alive | true",
        "HTTP/1.0 | keep-alive, close | false",
      })
  void followsTheConnectionOptionsOfTheRequest(String version, String field, boolean reusable) {
    var request = Headers.NONE.with("X", "y").with("connection", field);

    assertEquals(reusable, isAllowed(version, request, Headers.NONE));
  }

  @Test
  void readsAllFieldsAndThoseOfTheResponse() {
    assertFalse(
        isAllowed(
            "HTTP/1.1",
            Headers.NONE.with("Connection", "TE").with("Connection", "close"),
            Headers.NONE));
    assertFalse(isAllowed("HTTP/1.1", Headers.NONE, CLOSE));
    assertFalse(isAllowed("HTTP/1.0", Headers.NONE, Headers.NONE));
  }

  private static boolean isAllowed(String version, Headers request, Headers response) {
    var none = new ByteArrayInputStream(new byte[0]);
    var body = new StreamBody(none, 0, 100, Duration.ofSeconds(1));
    return ConnectionReuse.isAllowed(version, request, response, body);
  }
}
