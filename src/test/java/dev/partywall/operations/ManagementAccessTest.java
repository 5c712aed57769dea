package dev.partywall.operations;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.http.Body;
import dev.partywall.http.Headers;
import dev.partywall.http.Request;
import dev.partywall.http.RequestTarget;
import dev.partywall.http.Response;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ManagementAccessTest {
  private final ManagementAccess access =
      new ManagementAccess(List.of("metrics.example.com", "Partywall."));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "localhost:9090",
        "localhost:",
        "LocalHost.:9090",
        "console.localhost",
        "127.0.0.1",
        "127.0.0.1:9090",
        "127.0.0.1.",
        "10.1.2.3:9090",
        "[::1]",
        "[::1]:9090",
        "[fd00:EC2::23]:9090",
        "[::ffff:10.0.0.1]",
        "metrics.example.com",
        "METRICS.example.com.:443",
        "partywall:9090"
      })
  void servesKnownHosts(String host) {
    assertServed(Headers.NONE.with("Host", host));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example",
        "evil.example:9090",
        "localhost.evil.example",
        "notlocalhost",
        "127.0.0.1.evil.example",
        "127.0.0.256",
        "metrics.example.com.evil.example",
        "example.com",
        "a.metrics.example.com",
        "partywall.evil.example",
        "[zz]",
        "[",
        "."
      })
  void rejectsUnknownHosts(String host) {
    assertEquals(
        new ApiError.MisdirectedRequest(), rejection(Headers.NONE.with("Host", host)).error());
  }

  /** A probe by HTTP/1.0 sends no host. */
  @Test
  void servesARequestWithoutAHost() {
    assertServed(Headers.NONE);
  }

  @ParameterizedTest
  @CsvSource({"same-origin", "none"})
  void servesAPageOfThePortItself(String site) {
    assertServed(Headers.NONE.with("Host", "localhost:9090").with("Sec-Fetch-Site", site));
  }

  @ParameterizedTest
  @ValueSource(strings = {"cross-site", "same-site", "other", "", "none, cross-site"})
  void rejectsAPageOfAnotherSite(String site) {
    assertCrossSite(Headers.NONE.with("Host", "localhost:9090").with("Sec-Fetch-Site", site));
  }

  @Test
  void rejectsAPageOfAnotherSiteThatRepeatsTheField() {
    assertCrossSite(
        Headers.NONE
            .with("Host", "localhost:9090")
            .with("Sec-Fetch-Site", "none")
            .with("Sec-Fetch-Site", "cross-site"));
  }

  @ParameterizedTest
  @CsvSource({
    "localhost:9090, http://localhost:9090",
    "LOCALHOST:9090, http://localhost:9090",
    "[::1]:9090, http://[::1]:9090",
    "metrics.example.com, https://metrics.example.com",
    "metrics.example.com:443, https://metrics.example.com",
    "metrics.example.com:80, http://metrics.example.com",
    "metrics.example.com, http://metrics.example.com:80",
  })
  void servesAnOriginOfTheSameHostAndPort(String host, String origin) {
    assertServed(Headers.NONE.with("Host", host).with("Origin", origin));
  }

  @ParameterizedTest
  @CsvSource({
    "localhost:9090, http://evil.example",
    "localhost:9090, http://localhost:9091",
    "localhost:9090, http://localhost",
    "localhost:9090, http://127.0.0.1:9090",
    "localhost:9090, 'null'",
    "localhost:9090, ''",
    "localhost:9090, localhost:9090",
    "localhost:9090, http://localhost:9090/",
    "localhost:9090, ftp://localhost:9090",
    "metrics.example.com:443, http://metrics.example.com",
    "metrics.example.com, http://metrics.example.com.evil.example",
  })
  void rejectsAnotherOrigin(String host, String origin) {
    assertCrossSite(Headers.NONE.with("Host", host).with("Origin", origin));
  }

  @Test
  void rejectsAnOriginIfTheRequestHasNoHost() {
    assertCrossSite(Headers.NONE.with("Origin", "http://localhost"));
    assertCrossSite(Headers.NONE.with("Origin", "http://"));
  }

  private void assertServed(Headers headers) {
    assertEquals(204, access.filter(request(headers), _ -> Response.of(204)).status());
  }

  private void assertCrossSite(Headers headers) {
    assertEquals(
        new ApiError.Forbidden(ApiError.Forbidden.Reason.CROSS_SITE_REQUEST),
        rejection(headers).error());
  }

  private ApiException rejection(Headers headers) {
    return assertThrows(
        ApiException.class, () -> access.filter(request(headers), _ -> Response.of(204)));
  }

  private static Request request(Headers headers) {
    return Request.of("GET", RequestTarget.ROOT, headers, Body.NONE);
  }
}
