package dev.partywall.local.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.utils.StringInputStream;

/**
 * A hand-written call, signed by the SDK's own signer. Tests send it unchanged or tamper with it.
 */
final class RawAwsCall {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final Set<String> SET_BY_CLIENT = Set.of("host", "content-length", "connection");

  private final URI endpoint;
  private final String service;
  private final Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private String body;
  private String region = LocalAwsFixture.REGION;
  private Clock clock = Clock.systemUTC();
  private String query = "";

  private RawAwsCall(URI endpoint, String service, String body) {
    this.endpoint = endpoint;
    this.service = service;
    this.body = body;
  }

  static RawAwsCall dynamo(URI endpoint, String operation, String body) {
    return new RawAwsCall(endpoint, "dynamodb", body)
        .withHeader("X-Amz-Target", "DynamoDB_20120810." + operation)
        .withHeader("Content-Type", "application/x-amz-json-1.0");
  }

  static RawAwsCall sts(URI endpoint, String body) {
    return new RawAwsCall(endpoint, "sts", body)
        .withHeader("Content-Type", "application/x-www-form-urlencoded; charset=utf-8");
  }

  RawAwsCall withHeader(String header, String... values) {
    headers.put(header, new ArrayList<>(List.of(values)));
    return this;
  }

  RawAwsCall withoutHeader(String header) {
    headers.remove(header);
    return this;
  }

  RawAwsCall body(String other) {
    body = other;
    return this;
  }

  RawAwsCall withClock(Clock signing) {
    clock = signing;
    return this;
  }

  RawAwsCall withRegion(String elsewhere) {
    region = elsewhere;
    return this;
  }

  RawAwsCall query(String text) {
    query = text;
    return this;
  }

  String header(String name) {
    return headers.get(name).getFirst();
  }

  /** Signs the current headers and body. */
  RawAwsCall sign(AwsCredentials credentials) {
    return sign(credentials, service);
  }

  RawAwsCall sign(AwsCredentials credentials, String signedService) {
    var request =
        SdkHttpRequest.builder()
            .uri(endpoint.resolve("/"))
            .method(SdkHttpMethod.POST)
            .headers(headers)
            .build();
    var signed =
        AwsV4HttpSigner.create()
            .sign(s ->
                s.identity(credentials)
                    .request(request)
                    .payload(() -> new StringInputStream(body))
                    .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, signedService)
                    .putProperty(AwsV4HttpSigner.REGION_NAME, region)
                    .putProperty(HttpSigner.SIGNING_CLOCK, clock));
    headers.clear();
    headers.putAll(signed.request().headers());
    return this;
  }

  HttpResponse<String> send() throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(endpoint.resolve("/" + query)).POST(BodyPublishers.ofString(body));
    headers.forEach((name, values) -> {
      if (!SET_BY_CLIENT.contains(name.toLowerCase(Locale.ROOT))) {
        values.forEach(value -> request.header(name, value));
      }
    });
    return HTTP.send(request.build(), BodyHandlers.ofString());
  }

  /** Returns the error type of a response without its namespace; empty if the call succeeded. */
  static String errorType(HttpResponse<String> response) throws IOException {
    if (response.statusCode() == 200) {
      return "";
    }
    var type = json(response).path("__type").asText();
    return type.substring(type.indexOf('#') + 1);
  }

  static JsonNode json(HttpResponse<String> response) throws IOException {
    return new ObjectMapper().readTree(response.body());
  }
}
