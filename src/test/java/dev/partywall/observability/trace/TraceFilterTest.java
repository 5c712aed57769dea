package dev.partywall.observability.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.http.Body;
import dev.partywall.http.Headers;
import dev.partywall.http.Request;
import dev.partywall.http.RequestTarget;
import dev.partywall.http.Response;
import dev.partywall.tenancy.Execution;
import dev.partywall.tenancy.Execution.CorrelationIds;
import java.util.HashSet;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceFilterTest {
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String PARENT = "00f067aa0ba902b7";
  private static final String VALID = "00-" + TRACE + "-" + PARENT + "-01";

  private final TraceFilter filter =
      new TraceFilter(new TraceIds(new SplittableRandom(7)::nextLong));

  @Test
  void continuesTheCallersTraceWithANewSpan() {
    var ids = ids(Headers.NONE.with("Traceparent", VALID));
    assertEquals(TRACE, ids.traceId());
    assertEquals(Optional.of(PARENT), ids.trace().parentId());
    assertNotEquals(PARENT, ids.spanId());
    assertTrue((ids.trace().flags() & 1) != 0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00",
        "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "0g-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00F067AA0BA902B7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e473-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e47360-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-1",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0x",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
        "00_4bf92f3577b34da6a3ce929d0e0e4736_00f067aa0ba902b7_01",
        "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01.more",
        "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01, 00-x",
      })
  void startsANewTraceIfTheFieldIsInvalid(String traceparent) {
    var ids =
        ids(Headers.NONE.with("traceparent", traceparent).with("tracestate", "vendor=dropped"));
    assertNotEquals(TRACE, ids.traceId());
    assertTrue(ids.traceId().matches("[0-9a-f]{32}"));
    assertEquals(Optional.empty(), ids.trace().parentId());
    assertEquals("", ids.trace().state());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-future-fields",
        "fe-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-fd",
      })
  void readsTheKnownFieldsOfALaterVersion(String traceparent) {
    var ids = ids(Headers.NONE.with("traceparent", traceparent));
    assertEquals(TRACE, ids.traceId());
    assertEquals(1, ids.trace().flags());
  }

  @Test
  void ignoresDuplicateTraceparentFields() {
    var ids = ids(Headers.NONE.with("traceparent", VALID).with("traceparent", VALID));
    assertNotEquals(TRACE, ids.traceId());
  }

  @Test
  void doesNotSampleNewTraces() {
    assertEquals(2, ids(Headers.NONE).trace().flags());
  }

  @Test
  void keepsTheCallersFlags() {
    for (var flags : new String[] {"00", "01", "02", "03"}) {
      var ids = ids(Headers.NONE.with("traceparent", "00-" + TRACE + "-" + PARENT + "-" + flags));
      assertEquals(Integer.parseInt(flags), ids.trace().flags());
    }
    // Undefined bits are not propagated.
    var unknown = ids(Headers.NONE.with("traceparent", "00-" + TRACE + "-" + PARENT + "-ff"));
    assertEquals(3, unknown.trace().flags());
  }

  @Test
  void propagatesTracestateOfAllFieldsInOrder() {
    assertEquals("a=1,b=2,c@v=3 4", state(" a=1 ,, \tb=2", "", "c@v=3 4"));
  }

  @Test
  void dropsAnInvalidTracestateAndKeepsTheTrace() {
    for (var broken :
        new String[] {
          "a",
          "=1",
          "a=",
          "A=1",
          "a=1=2",
          "_a=1",
          "a b=1",
          "a=\u00e4",
          "a=1;b\t=2",
          "k".repeat(257) + "=1",
          "a=" + "v".repeat(257),
          "good=1,bad"
        }) {
      var ids = ids(Headers.NONE.with("traceparent", VALID).with("tracestate", broken));
      assertEquals("", ids.trace().state(), broken);
      assertEquals(TRACE, ids.traceId());
    }
  }

  @Test
  void acceptsAtMostThirtyTwoMembers() {
    assertEquals(members(32), state(members(32)));
    assertEquals("", state(members(33)));
  }

  @Test
  void propagatesTheNewerOfTwoEqualKeys() {
    assertEquals("a=1,b=2", state("a=1,b=2,a=3"));
  }

  @Test
  void dropsLongMembersFirstThenTheLastOnes() {
    var big = "big=" + "v".repeat(200);
    assertEquals(
        "a=1,b=2",
        state("a=1", big, big.replace("big", "big2"), "b=2", big.replace("big", "big3")));
    var medium = IntStream.range(0, 6).mapToObj(i -> "m" + i + "=" + "v".repeat(97));
    assertEquals(5, state(medium.toArray(String[]::new)).split(",").length);
  }

  @Test
  void returnsANewRequestIdAndIgnoresTheClients() {
    var seen = new AtomicReference<String>();
    var response =
        filter.filter(
            request(Headers.NONE.with("X-Request-Id", "forged")),
            _ -> {
              seen.set(Execution.current().orElseThrow().ids().requestId());
              return Response.of(200);
            });
    assertEquals(Optional.of(seen.get()), response.headers().first("x-request-id"));
    assertTrue(seen.get().matches("[0-9a-f]{32}"));
    assertTrue(Execution.current().isEmpty());
  }

  @Test
  void createsUniqueIds() {
    var spans = new HashSet<String>();
    for (var i = 0; i < 100_000; i++) {
      var ids = ids(Headers.NONE);
      spans.add(ids.spanId());
      spans.add(ids.traceId());
      spans.add(ids.requestId());
    }
    assertEquals(300_000, spans.size());
  }

  @Test
  void neverCreatesAnIdOfZeros() {
    var ids = new TraceIds(LongStream.of(0, 0, 7, 0, 0, 8).iterator()::nextLong);
    assertEquals("00000000000000070000000000000000", ids.traceId());
    assertEquals("0000000000000008", ids.spanId());
  }

  @Test
  void createsUniqueIdsInManyThreads() throws Exception {
    var ids = TraceIds.ofThreadLocalRandom();
    var created = ConcurrentHashMap.<String>newKeySet();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var i = 0; i < 10_000; i++) {
        threads.execute(() -> created.add(ids.traceId()));
      }
    }
    assertEquals(10_000, created.size());
  }

  private String state(String... fields) {
    var headers = Headers.NONE.with("traceparent", VALID);
    for (var field : fields) {
      headers = headers.with("tracestate", field);
    }
    return ids(headers).trace().state();
  }

  private static String members(int count) {
    return IntStream.range(0, count).mapToObj(i -> "k" + i + "=v").collect(Collectors.joining(","));
  }

  private CorrelationIds ids(Headers headers) {
    var seen = new AtomicReference<CorrelationIds>();
    filter.filter(
        request(headers),
        _ -> {
          seen.set(Execution.current().orElseThrow().ids());
          return Response.of(200);
        });
    return seen.get();
  }

  private static Request request(Headers headers) {
    return Request.of("GET", RequestTarget.ROOT, headers, Body.NONE);
  }
}
