package dev.partywall.testkit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.net.http.HttpHeaders;
import java.util.Optional;

/**
 * A response of a service under test.
 *
 * @param text the body, decoded as UTF-8
 */
public record TestResponse(int status, HttpHeaders headers, String text) {
  private static final JsonMapper JSON = new JsonMapper();

  /** Returns the first value of a header field; the name may have any case. */
  public Optional<String> header(String name) {
    return headers.firstValue(name);
  }

  /**
   * Returns the body as JSON.
   *
   * @throws IllegalStateException if the body is not JSON
   */
  public JsonNode json() {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("The body is not JSON: " + text, e);
    }
  }
}
