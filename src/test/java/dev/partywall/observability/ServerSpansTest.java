package dev.partywall.observability;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.http.Body;
import dev.partywall.http.Filter;
import dev.partywall.http.Headers;
import dev.partywall.http.Match;
import dev.partywall.http.Request;
import dev.partywall.http.RequestTarget;
import dev.partywall.http.Response;
import dev.partywall.http.Response.SendResult;
import dev.partywall.http.Route;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ServerSpansTest {
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String PARENT = "00f067aa0ba902b7";

  private final List<Span> spans = new ArrayList<>();

  @Test
  void exportsASampledRequestAsAChildOfTheCallersSpan() {
    call("00-" + TRACE + "-" + PARENT + "-01", false);
    var span = spans.getFirst();
    assertEquals(TRACE, span.traceId());
    assertEquals(Optional.of(PARENT), span.parentId());
    assertEquals("GET /things/{id}", span.name());
    assertEquals(Duration.ofMillis(3), span.duration());
    assertEquals(CapturedLog.NOW, span.end());
    assertTrue(span.failed());
  }

  @Test
  void exportsNoRequestThatTheCallerDidNotSample() {
    call("00-" + TRACE + "-" + PARENT + "-00", true);
    assertTrue(spans.isEmpty());
  }

  @Test
  void exportsNewTracesIfSamplingIsEnabled() {
    call("", true);
    assertEquals(Optional.empty(), spans.getFirst().parentId());
  }

  private void call(String traceparent, boolean sampleNewTraces) {
    var route = Route.open("GET", "/things/{id}", _ -> Response.of(503));
    var random = new RandomLongs(new SplittableRandom(1));
    var filters =
        List.of(
            new TraceFilter(random, sampleNewTraces),
            new ServerSpans(spans::add, InstantSource.fixed(CapturedLog.NOW)));
    var headers =
        traceparent.isEmpty() ? Headers.NONE : Headers.NONE.with("traceparent", traceparent);
    var request =
        Request.of("GET", RequestTarget.ROOT, headers, Body.NONE)
            .with(new Match.Found(route, Map.of()));
    Filter.chain(filters, route.handler())
        .handle(request)
        .listeners()
        .forEach(listener -> listener.accept(new SendResult(0, Duration.ofMillis(3), true)));
  }
}
