package dev.partywall.runtime;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.partywall.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Sends requests to the instances in turn, and repeats each until an instance has answered: a
 * killed one answers nothing, and a paused one answers late.
 */
final class RetryingOperator implements AutoCloseable {
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(15);
  private static final Duration TIMEOUT = Duration.ofMinutes(5);
  private static final Set<Integer> TEMPORARY = Set.of(429, 502, 503, 504);

  private final ServiceProcesses processes;
  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
  private int next;

  RetryingOperator(ServiceProcesses processes) {
    this.processes = processes;
  }

  /**
   * Sends a request, until its answer is accepted.
   *
   * @param token returns the token, which a repetition needs anew
   */
  HttpResponse<byte[]> send(
      Supplier<String> token,
      String method,
      String path,
      byte[] body,
      List<String> fields,
      Predicate<HttpResponse<byte[]>> accepted)
      throws InterruptedException {
    var deadline = System.nanoTime() + TIMEOUT.toNanos();
    var last = "";
    while (true) {
      var answer = once(token.get(), method, path, body, fields);
      if (answer.filter(accepted).isPresent()) {
        return answer.get();
      }
      last = answer.map(RetryingOperator::text).orElse(last);
      var latest = last;
      assertTrue(System.nanoTime() < deadline, () -> method + " " + path + ": " + latest);
      TimeUnit.MILLISECONDS.sleep(200);
    }
  }

  /** Returns empty if the instance does not answer, or is temporarily unavailable. */
  private Optional<HttpResponse<byte[]>> once(
      String token, String method, String path, byte[] body, List<String> fields)
      throws InterruptedException {
    next = (next + 1) % processes.count();
    var all = new ArrayList<>(List.of("Authorization", "Bearer " + token));
    all.addAll(fields);
    try {
      var request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + processes.port(next) + path))
              .timeout(ANSWER_TIMEOUT)
              .headers(all.toArray(String[]::new))
              .method(method, BodyPublishers.ofByteArray(body))
              .build();
      return Optional.of(http.send(request, BodyHandlers.ofByteArray()))
          .filter(answer -> !TEMPORARY.contains(answer.statusCode()));
    } catch (IOException | CompletionException _) {
      return Optional.empty(); // the second one: it was killed before it had a port
    }
  }

  /** Returns a document of the management port of any instance. */
  byte[] management(String path) throws InterruptedException {
    var deadline = System.nanoTime() + TIMEOUT.toNanos();
    while (true) {
      next = (next + 1) % processes.count();
      try {
        var uri = URI.create("http://127.0.0.1:" + processes.managementPort(next) + path);
        var request = HttpRequest.newBuilder(uri).timeout(ANSWER_TIMEOUT).build();
        var answer = http.send(request, BodyHandlers.ofByteArray());
        if (answer.statusCode() == 200) {
          return answer.body();
        }
      } catch (IOException | CompletionException _) {
        // The next instance can answer.
      }
      assertTrue(System.nanoTime() < deadline, path);
      TimeUnit.MILLISECONDS.sleep(200);
    }
  }

  static String text(HttpResponse<byte[]> response) {
    return response.statusCode() + " " + new String(response.body(), StandardCharsets.UTF_8);
  }

  static JsonNode json(HttpResponse<byte[]> response) {
    return Json.parse(response.body());
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
