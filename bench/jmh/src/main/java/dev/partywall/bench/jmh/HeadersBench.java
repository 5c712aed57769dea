package dev.partywall.bench.jmh;

import dev.partywall.http.Headers;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Compares {@link Headers} with the JDK's type for the fields that a proxy usually sends. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class HeadersBench {
  private final List<List<String>> received =
      List.of(
          List.of("Host", "acme.orders.example.com"),
          List.of("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Firefox/145.0"),
          List.of("Accept", "application/json"),
          List.of("Accept-Encoding", "gzip, deflate, br"),
          List.of("X-Forwarded-For", "203.0.113.7"),
          List.of("X-Forwarded-Proto", "https"),
          List.of("Traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"),
          List.of("Authorization", "Bearer " + "x".repeat(700)));

  private final List<Headers.Field> fields =
      received.stream().map(field -> new Headers.Field(field.get(0), field.get(1))).toList();

  private final Headers headers = Headers.of(fields);

  /** Builds the JDK's type and finds one field. */
  @Benchmark
  public String baseline() {
    var jdk = new com.sun.net.httpserver.Headers();
    for (var field : received) {
      jdk.add(field.get(0), field.get(1));
    }
    return jdk.getFirst("Authorization");
  }

  @Benchmark
  public Optional<String> buildAndFind() {
    return Headers.of(fields).first("Authorization");
  }

  @Benchmark
  public Optional<String> findLast() {
    return headers.first("Authorization");
  }
}
