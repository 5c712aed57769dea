package dev.partywall.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/json",
        "Application/JSON",
        "application/json; charset=utf-8",
        "application/json;charset=\"UTF-8\"",
        "application/json; profile=x",
        "application/json; charsets=latin1",
        "application/json;",
        "APPLICATION/JSON\t;\t CHARSET=Utf-8 ; q=1",
        "application/json; profile=\"a;charset=latin1\"; charset=utf-8",
        "application/json; profile=\"a\\\";charset=latin1\"",
        "application/json; charset=\"utf\\-8\""
      })
  void acceptsBodiesDeclaredAsJson(String type) {
    assertEquals(1, request(Headers.NONE.with("Content-Type", type)).json().get("a").intValue());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "text/json",
        "text/plain",
        "application/jsonx",
        "application/json, text/plain",
        "application/json; charset=utf-16",
        "application/json; charset=utf-8; charset=latin1",
        "application/json; charset = utf-16",
        "application/json; charset",
        "application/json; profile=\"a\"; charset=latin1",
        "application/json; profile=\"a\\\\\"; charset=latin1",
        "application/json; charset=\"utf-8\\\"\"",
        "multipart/form-data",
        "application/merge-patch+json",
        "x+json"
      })
  void rejectsBodiesDeclaredAsAnotherType(String type) {
    assertRejected(request(Headers.NONE.with("Content-Type", type)));
  }

  @Test
  void rejectsBodiesWithoutATypeOrCompressed() {
    assertRejected(request(Headers.NONE));
    var json = Headers.NONE.with("Content-Type", "application/json");
    for (var coding : List.of("gzip", "GZIP", "identity, gzip", "x")) {
      assertRejected(request(json.with("Content-Encoding", coding)));
    }
    for (var coding : List.of("identity", "Identity", "identity ,\tIDENTITY", ",identity,", "")) {
      assertEquals(1, request(json.with("Content-Encoding", coding)).json().size());
    }
  }

  @Test
  void recordsABodyThatWasParsedToItsEnd() {
    for (var text : List.of("{\"a\":1}", "{\"a\":1", "{\"a\":1}x", "{\"a\":1,\"a\":1}", "")) {
      var parsed = new AtomicBoolean();
      var request = request(Headers.NONE.with("Content-Type", "application/json"));
      var observed = request.with(new ObservedBody(text, parsed));
      assertRecords(text.equals("{\"a\":1}"), observed, parsed);
    }
  }

  private static void assertRecords(boolean expected, Request request, AtomicBoolean parsed) {
    try {
      request.json();
    } catch (ApiException e) {
      assertInstanceOf(ApiError.Malformed.class, e.error());
    }
    assertEquals(expected, parsed.get());
  }

  private record ObservedBody(String text, AtomicBoolean parsed) implements Body {
    @Override
    public byte[] bytes() {
      return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public boolean isBuffered() {
      return true;
    }

    @Override
    public void parsedAsJson() {
      parsed.set(true);
    }
  }

  @Test
  void namesTheRequestBodyInTheRejectionOfMalformedJson() {
    var request =
        Request.of(
            "POST",
            RequestTarget.ROOT,
            Headers.NONE.with("Content-Type", "application/json"),
            Body.of("{".getBytes(StandardCharsets.UTF_8)));

    var rejected = assertThrows(ApiException.class, request::json);

    assertEquals(
        new ApiError.Malformed("The request body is not JSON: line 1, column 2."),
        rejected.error());
  }

  @Test
  void readsJsonOfTheRequiredMediaTypeOnly() {
    var patch = "application/merge-patch+json";
    for (var type : List.of(patch, "Application/Merge-Patch+JSON; charset=utf-8")) {
      var request = request(Headers.NONE.with("Content-Type", type));
      assertEquals(1, request.json(patch).get("a").intValue());
      assertRejected(request);
    }
    for (var type : List.of("application/json", patch + "; charset=latin1", patch + "2")) {
      var request = request(Headers.NONE.with("Content-Type", type));
      var rejected = assertThrows(ApiException.class, () -> request.json(patch));
      assertEquals(new ApiError.UnsupportedMediaType(patch), rejected.error());
    }
  }

  @Test
  void rejectsARepeatedParameter() {
    var target =
        new RequestTarget("/", List.of(), Map.of("a", List.of("1", "1"), "b", List.of("2")));
    var request = Request.of("GET", target, Headers.NONE, Body.NONE);

    assertThrows(ApiException.class, () -> request.query("a"));
    assertEquals(Optional.of("2"), request.query("b"));
    assertEquals(Optional.empty(), request.query("c"));
  }

  @Test
  void hasNoSubjectBeforeAuthentication() {
    var request = request(Headers.NONE);

    assertThrows(IllegalStateException.class, request::subject);
    assertEquals("alice", request.withSubject("alice").subject());
  }

  private static void assertRejected(Request request) {
    var rejected = assertThrows(ApiException.class, request::json);
    assertInstanceOf(ApiError.UnsupportedMediaType.class, rejected.error());
  }

  private static Request request(Headers headers) {
    var body = Body.of("{\"a\":1}".getBytes(StandardCharsets.UTF_8));
    return Request.of("POST", RequestTarget.ROOT, headers, body);
  }
}
